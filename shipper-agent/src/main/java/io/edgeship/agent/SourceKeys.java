package io.edgeship.agent;

import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import io.edgeship.ship.Backfill;
import io.edgeship.ship.SourceConfig;
import io.edgeship.ship.loki.LokiConfig;
import io.edgeship.ship.reduce.ReductionConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Reads what stands under `sources`, and where it goes.
record SourceKeys(List<SourceConfig> prometheus, List<LokiConfig> lokis) {
    private static final int PRIORITY_MAX = 100;

    private static final Pattern HTTP_URL = Pattern.compile("https?://[^/?#\\s]+(/[^?#\\s]*)?");

    /// @param directory that relative file names are meant from
    static SourceKeys read(ConfigSection root, String site, String siteLabel, Path directory) throws ConfigException {
        String spool = root.section("spool").text("path", "");
        Backfill backfill = backfill(root);
        LokiKeys loki = new LokiKeys(site, siteLabel, directory, spool, backfill);
        List<SourceConfig> prometheus = new ArrayList<>();
        List<LokiConfig> lokis = new ArrayList<>();
        for (ConfigSection source : root.sections("sources")) {
            String type = source.requiredText("type");
            int priority = (int) source.integer("priority", 0, -PRIORITY_MAX, PRIORITY_MAX);
            switch (type) {
                case "prometheus" -> prometheus.add(prometheus(source, priority, directory, spool, backfill));
                case "loki" -> lokis.add(loki.read(source, priority, url(source)));
                default -> throw source.wrong("type", "is prometheus or loki");
            }
        }
        int all = prometheus.size() + lokis.size();
        if (all == 0) {
            throw root.wrong("sources", "is missing: nothing to ship");
        }
        if (!spool.isEmpty() && all > 1) {
            throw root.section("spool").wrong("path", "serves one source; leave it out, then each source has its own");
        }
        requireOwnSpools(root, lokis);
        return new SourceKeys(List.copyOf(prometheus), List.copyOf(lokis));
    }

    private static void requireOwnSpools(ConfigSection root, List<LokiConfig> lokis) throws ConfigException {
        Set<Path> spools = new HashSet<>();
        for (LokiConfig loki : lokis) {
            if (!spools.add(loki.spool())) {
                throw root.wrong(
                        "sources",
                        "has two of type loki whose spool would be %s: chunk roots want a directory each above them"
                                .formatted(loki.spool()));
            }
        }
    }

    private static SourceConfig prometheus(
            ConfigSection source, int priority, Path directory, String spool, Backfill backfill)
            throws ConfigException {
        Path path = directory.resolve(source.requiredText("path")).normalize();
        Path inside = path.resolve(Spool.DIRECTORY_NAME);
        return new SourceConfig(
                path,
                url(source),
                new TreeMap<>(source.textMap("external_labels")),
                priority,
                spool.isEmpty() ? inside : directory.resolve(spool).normalize(),
                backfill,
                ReductionConfig.from(source));
    }

    /// The bucket of the blocks. Where only logs are shipped, theirs is the only one.
    ObjstoreConfig.Source objstore(ConfigSection root, Path directory, Optional<ObjstoreConfig.Source> logs)
            throws ConfigException {
        ConfigSection objstore = root.section("objstore");
        return prometheus.isEmpty() && logs.isPresent() && !objstore.isPresent()
                ? logs.get()
                : ObjstoreConfig.source(objstore, directory);
    }

    /// The bucket of the logs: one of their own, so that who syncs blocks does not list chunks.
    Optional<ObjstoreConfig.Source> logsObjstore(ConfigSection root, Path directory) throws ConfigException {
        ConfigSection logs = root.section("logs");
        if (lokis.isEmpty()) {
            if (logs.isPresent()) {
                throw root.wrong("logs", "is for a source of type loki, and there is none");
            }
            return Optional.empty();
        }
        if (!logs.section("objstore").isPresent()) {
            throw root.wrong(
                    "logs", "wants objstore: the bucket of the central Loki, which is another than that of the blocks");
        }
        return Optional.of(ObjstoreConfig.source(logs.section("objstore"), directory));
    }

    private static Optional<String> url(ConfigSection source) throws ConfigException {
        Optional<String> url = source.text("url");
        if (url.isPresent() && !HTTP_URL.matcher(url.get()).matches()) {
            throw source.wrong("url", "is an address like http://127.0.0.1:9090");
        }
        return url;
    }

    private static Backfill backfill(ConfigSection root) throws ConfigException {
        try {
            return Backfill.parse(root.text("backfill", "all"));
        } catch (IllegalArgumentException e) {
            throw root.wrong("backfill", "is all, none, a duration like 14d or a time like 2026-11-01T00:00:00Z");
        }
    }
}
