package io.edgeship.agent.check;

import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.queue.link.LinkConfig;
import io.edgeship.queue.quota.SpoolLimits;
import io.edgeship.runtime.http.HttpConfig;
import io.edgeship.ship.SourceConfig;
import java.util.List;
import java.util.function.LongFunction;

/// What a site is meant to be.
///
/// @param limits      of each spool, by the bytes of the disk that it is on
/// @param inbox       whether blocks go in pieces through the inbox
/// @param offlineDays how long the site shall live without a link and lose nothing
/// @param network     whether anything may be asked over the link
public record Setup(
        String site,
        String siteLabel,
        List<SourceConfig> sources,
        ObjstoreConfig objstore,
        LinkConfig link,
        HttpConfig http,
        LongFunction<SpoolLimits> limits,
        boolean inbox,
        int offlineDays,
        boolean network) {
    public Setup {
        sources = List.copyOf(sources);
    }
}
