package io.edgeship.agent.status;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads what [StatusJson] wrote, maybe in another version: keys that are not known are passed over.
public final class StatusJsonReader {
    private StatusJsonReader() {}

    /// @param name where it comes from, for errors
    /// @throws UnsupportedVersionException if a later agent means something else by its keys
    /// @throws CorruptFormatException      if it is no status
    public static SiteStatus read(String name, byte[] bytes) throws IOException {
        JsonObject json = JsonObject.parse(name, bytes);
        int version = Math.clamp(json.requiredInteger("version"), 0, Integer.MAX_VALUE);
        if (version > StatusJson.VERSION) {
            throw new UnsupportedVersionException(name, version, StatusJson.VERSION);
        }
        List<SiteStatus.Source> sources = new ArrayList<>();
        for (JsonObject source : json.objects("sources")) {
            sources.add(source(source));
        }
        List<SiteStatus.Hour> hours = new ArrayList<>();
        for (JsonObject hour : json.objects("hours")) {
            hours.add(new SiteStatus.Hour(hour.requiredInteger("sent_bytes"), hour.requiredInteger("received_bytes")));
        }
        JsonObject estimate = json.object("estimate");
        return new SiteStatus(
                time(json, "at").orElseThrow(() -> json.corrupt("at", "is missing")),
                json.flag("live"),
                json.requiredText("site"),
                json.requiredText("agent_version"),
                number(json, "uptime_seconds").map(Duration::ofSeconds),
                pairs(json.objects("problems"), "check"),
                json.requiredText("bucket"),
                json.requiredText("transport"),
                json.texts("notes"),
                json.has("link") ? Optional.of(link(json.object("link"))) : Optional.empty(),
                time(json, "last_contact"),
                number(json, "clock_skew_ms").map(Duration::ofMillis),
                new SiteStatus.Estimate(
                        estimate.requiredInteger("left_bytes"),
                        time(estimate, "done_at"),
                        estimate.text("why").orElse("")),
                sources,
                hours);
    }

    private static SiteStatus.Link link(JsonObject json) throws CorruptFormatException {
        List<SiteStatus.Budget> budgets = new ArrayList<>();
        for (JsonObject budget : json.objects("budgets")) {
            budgets.add(new SiteStatus.Budget(
                    budget.requiredText("period"),
                    budget.requiredInteger("used_bytes"),
                    number(budget, "limit_bytes")));
        }
        return new SiteStatus.Link(
                json.flag("open"),
                json.text("reason").orElse(""),
                time(json, "opens_at"),
                number(json, "max_bytes_per_second"),
                number(json, "seen_bytes_per_second"),
                json.requiredInteger("sent_bytes"),
                json.requiredInteger("received_bytes"),
                budgets);
    }

    private static SiteStatus.Source source(JsonObject json) throws CorruptFormatException {
        List<SiteStatus.Item> items = new ArrayList<>();
        for (JsonObject item : json.objects("items")) {
            items.add(item(item));
        }
        Optional<SiteStatus.Shipped> last = Optional.empty();
        if (json.has("last_shipped")) {
            JsonObject shipped = json.object("last_shipped");
            last = Optional.of(new SiteStatus.Shipped(
                    shipped.requiredText("block"),
                    time(shipped, "at").orElseThrow(() -> shipped.corrupt("at", "is missing"))));
        }
        return new SiteStatus.Source(
                json.requiredText("path"),
                json.requiredText("spool"),
                json.requiredText("incarnation"),
                json.text("stopped"),
                count(json, "ready"),
                count(json, "incoming"),
                json.requiredInteger("waiting_bytes"),
                count(json, "awaiting_receipt"),
                count(json, "future_blocks"),
                json.has("spool_room") ? Optional.of(room(json.object("spool_room"))) : Optional.empty(),
                items,
                last,
                count(json, "quarantined"),
                asides(json.objects("quarantine")),
                pairs(json.objects("held"), "block"),
                count(json, "loss_records"),
                asides(json.objects("losses")));
    }

    private static SiteStatus.Room room(JsonObject json) throws CorruptFormatException {
        return new SiteStatus.Room(
                json.requiredInteger("own_bytes"),
                json.requiredInteger("limit_bytes"),
                json.requiredInteger("free_bytes"));
    }

    private static SiteStatus.Item item(JsonObject json) throws CorruptFormatException {
        return new SiteStatus.Item(
                json.requiredText("block"),
                stage(json),
                time(json, "from"),
                time(json, "until"),
                json.requiredInteger("size_bytes"),
                json.requiredInteger("sent_bytes"),
                time(json, "done_at"));
    }

    private static SiteStatus.Stage stage(JsonObject json) throws CorruptFormatException {
        String text = json.requiredText("stage");
        for (SiteStatus.Stage stage : SiteStatus.Stage.values()) {
            if (spelled(stage).equals(text)) {
                return stage;
            }
        }
        throw json.corrupt("stage", "is '" + text + "'");
    }

    static String spelled(SiteStatus.Stage stage) {
        return stage.name().toLowerCase(Locale.ROOT);
    }

    private static List<SiteStatus.Aside> asides(List<JsonObject> all) throws CorruptFormatException {
        List<SiteStatus.Aside> asides = new ArrayList<>();
        for (JsonObject json : all) {
            asides.add(new SiteStatus.Aside(
                    json.requiredText("block"),
                    json.text("reason").orElse(""),
                    json.text("detail").orElse(""),
                    time(json, "from"),
                    time(json, "until")));
        }
        return asides;
    }

    private static SortedMap<String, String> pairs(List<JsonObject> all, String key) throws CorruptFormatException {
        SortedMap<String, String> pairs = new TreeMap<>();
        for (JsonObject json : all) {
            pairs.put(json.requiredText(key), json.text("reason").orElse(""));
        }
        return pairs;
    }

    private static Optional<Instant> time(JsonObject json, String key) throws CorruptFormatException {
        Optional<String> text = json.text(key);
        try {
            return text.map(Instant::parse);
        } catch (DateTimeException e) {
            throw json.corrupt(key, "is '" + text.orElse("") + "', not a time");
        }
    }

    private static Optional<Long> number(JsonObject json, String key) throws CorruptFormatException {
        return json.has(key) ? Optional.of(json.requiredInteger(key)) : Optional.empty();
    }

    private static int count(JsonObject json, String key) throws CorruptFormatException {
        return Math.clamp(json.integer(key, 0), 0, Integer.MAX_VALUE);
    }
}
