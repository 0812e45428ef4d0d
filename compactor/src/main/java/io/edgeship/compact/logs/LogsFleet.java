package io.edgeship.compact.logs;

import io.edgeship.bucket.Bucket;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.CentreTraces;
import io.edgeship.fleet.SitesSync;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/// Looks at how the logs of all sites do, from what lies in the bucket of logs. Reads only, and lists no chunks. Not
/// thread-safe.
public final class LogsFleet {
    private final Bucket bucket;
    private final SitesSync sites;

    public LogsFleet(Bucket bucket) {
        this.bucket = bucket;
        sites = new SitesSync(bucket);
    }

    /// What one look saw.
    ///
    /// @param centre what waits there for a compactor
    /// @param at     by the store's clock
    public record Seen(List<LogsFreshness> sites, CentreTraces centre, Instant at) {
        public Seen {
            sites = List.copyOf(sites);
        }
    }

    /// @throws IOException if the store cannot be read now
    public Seen look() throws IOException {
        CentreTraces centre = new CentreTraces();
        BucketView view = sites.sync(centre);
        LogsState state = LogsState.read(bucket);
        Instant now = bucket.clock().now().orElseGet(Instant::now);
        return new Seen(LogsFreshness.of(state, view, now), centre, now);
    }
}
