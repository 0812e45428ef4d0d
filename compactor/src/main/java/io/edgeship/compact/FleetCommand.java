package io.edgeship.compact;

import io.edgeship.block.json.JsonObject;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.compact.logs.LogsConfig;
import io.edgeship.compact.logs.LogsFleet;
import io.edgeship.compact.logs.LogsFreshness;
import io.edgeship.compact.logs.LogsTable;
import io.edgeship.fleet.BucketIndex;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.FleetTable;
import io.edgeship.fleet.Freshness;
import io.edgeship.fleet.SiteFreshness;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.http.Metrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// `fleet`: which site's data has arrived until when, once or as a server. Reads only.
final class FleetCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "fleet",
                "",
                "Say until when each site's data has arrived",
                List.of(
                        CompactCommand.OPTIONS.getFirst(),
                        new Option("json", null, "as JSON, times in milliseconds"),
                        new Option("serve", null, "publish metrics and JSON until it is stopped")),
                "");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
        CompactorConfig config = CompactCommand.config(arguments);
        if (arguments.flag("serve")) {
            return serve(config);
        }
        try (Bucket bucket = Buckets.open(config.objstore())) {
            BucketView view = BucketSync.cachedIn(config.cacheDir(), bucket).sync();
            Instant now = bucket.clock().now().orElseGet(Instant::now);
            List<SiteFreshness> sites = Freshness.of(view, config.siteLabel(), now);
            List<LogsFreshness> logs = logs(config);
            if (arguments.flag("json")) {
                JsonObject json = BucketIndex.sites(sites).withUnlessEmpty("logs", LogsTable.json(logs));
                terminal.out().println(new String(json.toIndentedBytes(), StandardCharsets.UTF_8));
            } else {
                terminal.out().print(FleetTable.print(sites, now));
                terminal.out().print(logs.isEmpty() ? "" : "%n".formatted() + LogsTable.print(logs, now));
            }
        }
        return ExitCode.DONE;
    }

    private static ExitCode serve(CompactorConfig config) throws Exception {
        Metrics registry = new Metrics();
        LogsConfig logs = config.logs();
        try (Bucket bucket = Buckets.open(config.objstore(), registry.registry());
                Bucket ofLogs = logs == null ? null : Buckets.open(logs.objstore(), registry.registry())) {
            FleetServer.serve(bucket, ofLogs, config, registry);
        }
        return ExitCode.DONE;
    }

    /// None where no logs are shipped.
    private static List<LogsFreshness> logs(CompactorConfig config) throws IOException, ConfigException {
        LogsConfig logs = config.logs();
        if (logs == null) {
            return List.of();
        }
        try (Bucket bucket = Buckets.open(logs.objstore())) {
            return new LogsFleet(bucket).look().sites();
        }
    }
}
