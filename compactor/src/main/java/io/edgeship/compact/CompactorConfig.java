package io.edgeship.compact;

import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.compact.intake.IntakeConfig;
import io.edgeship.compact.job.Schedule;
import io.edgeship.compact.logs.LogsConfig;
import io.edgeship.compact.retain.RetentionRules;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import io.edgeship.runtime.config.ConfigSection;
import io.edgeship.runtime.config.Durations;
import io.edgeship.runtime.config.Sizes;
import io.edgeship.runtime.http.HttpConfig;
import io.edgeship.runtime.log.Logs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `compactor.yaml`, checked once. Each key is described in `docs/reference/compactor.md`.
///
/// @param cacheDir where every meta.json is remembered, or null to remember in memory only
/// @param logs     null where there are none
record CompactorConfig(
        Schedule schedule,
        ObjstoreConfig objstore,
        HttpConfig http,
        String siteLabel,
        @Nullable Path cacheDir,
        Duration consistencyDelay,
        UpkeepConfig upkeep,
        IntakeConfig intake,
        FleetConfig fleet,
        @Nullable LogsConfig logs,
        Logs.Format logFormat,
        Logs.Level logLevel,
        SortedSet<String> keys) {
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    /// A block's largest object may take so long to arrive, and nothing shows of it before.
    private static final Duration PARTIAL_DELAY_MIN = Duration.ofHours(1);

    /// A link may be away for days while an item is under way.
    private static final Duration ORPHAN_DELAY_MIN = Duration.ofDays(1);

    private static final long ITEM_BYTES_DEFAULT = 16L << 30;
    private static final Duration INTERVAL_MIN = Duration.ofSeconds(1);

    static CompactorConfig read(Path file, Map<String, String> environment) throws ConfigException {
        return of(ConfigFile.read(file, environment), directoryOf(file));
    }

    /// What the file comes to, as YAML that is read again; behind it, as documents of their own that are not, what each
    /// `objstore.yml` that it names comes to.
    static String effective(Path file, Map<String, String> environment) throws ConfigException {
        ConfigFile config = ConfigFile.read(file, environment);
        of(config, directoryOf(file));
        String text = "# %s with its defaults; file names are meant from %s. Secrets are hidden: fill them in again.%n"
                .formatted(file.getFileName(), directoryOf(file));
        text += config.effective();
        ConfigSection root = config.root();
        for (ConfigSection section : List.of(root, root.section("logs"))) {
            Optional<Path> objstore = section.section("objstore").text("file").map(directoryOf(file)::resolve);
            if (objstore.isPresent()) {
                text += "---%n# %s%n".formatted(objstore.get()) + ObjstoreConfig.effective(objstore.get());
            }
        }
        return text;
    }

    private static Path directoryOf(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        return directory == null ? Path.of("") : directory;
    }

    static CompactorConfig of(ConfigFile file, Path directory) throws ConfigException {
        ConfigSection root = file.root();
        ConfigSection log = root.section("log");
        ObjstoreConfig objstore = ObjstoreConfig.fileOrInline(root.section("objstore"), directory);
        CompactorConfig config = new CompactorConfig(
                schedule(root),
                objstore,
                HttpConfig.from(root.section("http"), directory, "127.0.0.1:10912"),
                siteLabel(root),
                root.text("cache_dir").map(directory::resolve).orElse(null),
                consistencyDelay(root),
                upkeep(root),
                intake(root.section("intake"), siteLabel(root), Roles.from(root)),
                FleetConfig.read(root.section("fleet"), directory),
                logs(root, directory, objstore),
                log.choice("format", Logs.Format.class, Logs.Format.LOGFMT),
                log.choice("level", Logs.Level.class, Logs.Level.INFO),
                file.keysRead());
        file.rejectUnknownKeys();
        return config;
    }

    private static Schedule schedule(ConfigSection root) throws ConfigException {
        Optional<String> cron = root.text("schedule");
        Duration interval = root.duration("interval", Duration.ofMinutes(5));
        if (cron.isPresent()) {
            try {
                return Schedule.cron(cron.get());
            } catch (IllegalArgumentException e) {
                throw root.wrong("schedule", "is not a Quartz cron expression like 0 */15 * * * ?: " + e.getMessage());
            }
        }
        if (interval.compareTo(INTERVAL_MIN) < 0) {
            throw root.wrong("interval", "is at least " + Durations.print(INTERVAL_MIN));
        }
        return Schedule.every(interval);
    }

    private static String siteLabel(ConfigSection root) throws ConfigException {
        String label = root.text("site_label", "site");
        if (!LABEL.matcher(label).matches()) {
            throw root.wrong("site_label", "is a label name");
        }
        return label;
    }

    private static IntakeConfig intake(ConfigSection intake, String siteLabel, Roles roles) throws ConfigException {
        Duration orphanDelay = intake.duration("orphan_delay", Duration.ofDays(90));
        if (orphanDelay.compareTo(ORPHAN_DELAY_MIN) < 0) {
            throw intake.wrong(
                    "orphan_delay",
                    "is at least " + Durations.print(ORPHAN_DELAY_MIN) + ": items under way would lose their pieces");
        }
        long maxItemBytes = intake.size("max_item_bytes", ITEM_BYTES_DEFAULT);
        if (maxItemBytes < 1 || maxItemBytes > IntakeConfig.ITEM_BYTES_MAX) {
            throw intake.wrong("max_item_bytes", "is 1B to " + Sizes.print(IntakeConfig.ITEM_BYTES_MAX));
        }
        return new IntakeConfig(roles.has(Role.INTAKE), orphanDelay, maxItemBytes, siteLabel);
    }

    private static @Nullable LogsConfig logs(ConfigSection root, Path directory, ObjstoreConfig objstore)
            throws ConfigException {
        Optional<LogsConfig> logs = LogsConfig.read(root.section("logs"), directory, objstore);
        if (logs.isEmpty() && root.texts("roles").contains(Roles.spelling(Role.LOGS))) {
            throw root.wrong("roles", "has logs, and there is no section logs");
        }
        return logs.orElse(null);
    }

    /// As [#intake], of log segments.
    IntakeConfig logsIntake() {
        return new IntakeConfig(true, intake.orphanDelay(), intake.maxItemBytes(), siteLabel);
    }

    private static Duration consistencyDelay(ConfigSection root) throws ConfigException {
        return root.duration("consistency_delay", Duration.ofMinutes(30));
    }

    private static UpkeepConfig upkeep(ConfigSection root) throws ConfigException {
        Roles roles = Roles.from(root);
        Selector selector = Selector.from(root);
        RetentionRules retention = RetentionKeys.read(root, roles);
        return new UpkeepConfig(
                roles,
                selector,
                CompactionKeys.read(root, siteLabel(root), consistencyDelay(root), roles, selector, retention),
                retention,
                partialDelay(root),
                root.duration("delete_delay", Duration.ofDays(2)),
                root.choice("foreign_compactor", ForeignCompactor.class, ForeignCompactor.REFUSE)
                        == ForeignCompactor.IGNORE);
    }

    /// What is done where a Thanos compactor is at work on the same streams.
    private enum ForeignCompactor {
        REFUSE,
        IGNORE
    }

    private static Duration partialDelay(ConfigSection root) throws ConfigException {
        Duration delay = root.duration("partial_delay", Duration.ofDays(2));
        if (delay.compareTo(PARTIAL_DELAY_MIN) < 0) {
            throw root.wrong(
                    "partial_delay",
                    "is at least " + Durations.print(PARTIAL_DELAY_MIN) + ": an upload under way would be removed");
        }
        return delay;
    }
}
