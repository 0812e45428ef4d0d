package io.edgeship.compact.logs;

import io.edgeship.block.loki.LokiChunkName;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import io.edgeship.runtime.config.ConfigSection;
import io.edgeship.runtime.config.Durations;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Where the central Loki looks for chunks and indexes, by its configuration.
///
/// @param periods       of its schema, in order of time; at least one
/// @param storagePrefix that Loki puts before every key; empty for none
public record CentralLoki(List<Period> periods, String storagePrefix) {
    private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);

    /// Those whose chunks have keys of the one form, and whose index is read in version 3.
    private static final Set<String> SCHEMAS = Set.of("v12", "v13");

    /// A part of time with one schema.
    ///
    /// @param fromDay day of 1970, UTC, that it begins with
    /// @param tables  what the name of a day's table begins with: `index/index_`
    /// @param problem why nothing can be written for it; empty if it can
    public record Period(long fromDay, String tables, String problem) {}

    public CentralLoki {
        periods = periods.stream()
                .sorted(Comparator.comparingLong(Period::fromDay))
                .toList();
    }

    static CentralLoki of(ConfigFile file) throws ConfigException {
        ConfigSection root = file.root();
        List<Period> periods = new ArrayList<>();
        for (ConfigSection period : root.section("schema_config").sections("configs")) {
            periods.add(period(period));
        }
        if (periods.isEmpty()) {
            throw root.wrong("schema_config", "has no configs: this is no configuration of a Loki");
        }
        ConfigSection storage = root.section("storage_config");
        String prefix = storage.flag("use_thanos_objstore", true)
                ? storage.section("object_store").text("storage_prefix", "")
                : storage.text("object_prefix", "");
        return new CentralLoki(periods, prefix);
    }

    private static Period period(ConfigSection period) throws ConfigException {
        ConfigSection index = period.section("index");
        String tables = index.text("path_prefix", "index/") + index.text("prefix", "");
        return new Period(fromDay(period), tables, problem(period, index));
    }

    private static long fromDay(ConfigSection period) throws ConfigException {
        String from = period.requiredText("from");
        try {
            return LocalDate.parse(from).toEpochDay();
        } catch (DateTimeParseException e) {
            throw period.wrong("from", "is no day: " + from);
        }
    }

    private static String problem(ConfigSection period, ConfigSection index) throws ConfigException {
        String store = period.text("store", "");
        String schema = period.text("schema", "");
        String length = index.text("period", "");
        if (!store.equals("tsdb")) {
            return "its store is '" + store + "', not tsdb";
        }
        if (!SCHEMAS.contains(schema)) {
            return "its schema is '" + schema + "', not v12 or v13";
        }
        return isDay(length) ? "" : "its index.period is '" + length + "', not 24h";
    }

    private static boolean isDay(String length) {
        try {
            return Durations.parse(length).equals(Duration.ofDays(1));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// Where the index of a day lies: `index/index_20778`. For days that no [#obstacle] is in the way of.
    public String table(long day) {
        return period(day).orElseThrow().tables() + day;
    }

    /// Why a chunk cannot be made readable; empty if it can.
    Optional<String> obstacle(LokiChunkName chunk) {
        long firstDay = Math.floorDiv(chunk.fromMillis(), DAY_MILLIS);
        long lastDay = Math.floorDiv(chunk.throughMillis(), DAY_MILLIS);
        Optional<Period> first = period(firstDay);
        if (first.isEmpty()) {
            return Optional.of("it begins on %s, before the first period of the central Loki (%s)"
                    .formatted(
                            LocalDate.ofEpochDay(firstDay),
                            LocalDate.ofEpochDay(periods.getFirst().fromDay())));
        }
        return periods.stream()
                .filter(period -> period.fromDay() <= lastDay
                        && period.fromDay() >= first.get().fromDay()
                        && !period.problem().isEmpty())
                .findFirst()
                .map(period -> "the period of the central Loki from %s is not supported: %s"
                        .formatted(LocalDate.ofEpochDay(period.fromDay()), period.problem()));
    }

    private Optional<Period> period(long day) {
        return periods.reversed().stream()
                .filter(period -> period.fromDay() <= day)
                .findFirst();
    }
}
