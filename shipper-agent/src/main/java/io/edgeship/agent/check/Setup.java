package io.edgeship.agent.check;

import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.queue.link.LinkConfig;
import io.edgeship.runtime.http.ListenAddress;
import io.edgeship.ship.SourceConfig;
import java.util.List;

/// What a site is meant to be.
///
/// @param inbox       whether blocks go in pieces through the inbox
/// @param offlineDays how long the site shall live without a link and lose nothing
/// @param network     whether anything may be asked over the link
public record Setup(
        String site,
        String siteLabel,
        List<SourceConfig> sources,
        ObjstoreConfig objstore,
        LinkConfig link,
        ListenAddress listen,
        boolean inbox,
        int offlineDays,
        boolean network) {
    public Setup {
        sources = List.copyOf(sources);
    }
}
