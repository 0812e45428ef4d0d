package io.edgeship.agent.status;

import io.edgeship.block.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// A status as JSON, described in `docs/reference/status.md`. Keys are added, never changed; what is not known is left
/// out.
public final class StatusJson {
    /// Goes up when a key changes its meaning or goes.
    static final int VERSION = 1;

    private StatusJson() {}

    public static String write(SiteStatus status) {
        JsonObject json = JsonObject.empty()
                .with("version", VERSION)
                .with("at", status.at().toString())
                .with("live", status.live())
                .with("site", status.site())
                .with("agent_version", status.version());
        json = number(json, "uptime_seconds", status.uptime().map(Duration::toSeconds));
        json = json.with("ready", status.ready())
                .with("problems", pairs(status.problems(), "check"))
                .with("bucket", status.bucket())
                .with("transport", status.transport())
                .with("notes", status.notes());
        if (status.link().isPresent()) {
            json = json.with("link", link(status.link().get()));
        }
        json = time(json, "last_contact", status.lastContact());
        json = number(json, "clock_skew_ms", status.clockSkew().map(Duration::toMillis));
        json = json.with("estimate", estimate(status.estimate()))
                .with(
                        "sources",
                        status.sources().stream().map(StatusJson::source).toList())
                .with("hours", status.hours().stream().map(StatusJson::hour).toList());
        return new String(json.toIndentedBytes(), StandardCharsets.UTF_8);
    }

    private static JsonObject link(SiteStatus.Link link) {
        JsonObject json = JsonObject.empty().with("open", link.open()).with("reason", link.reason());
        json = time(json, "opens_at", link.opensAt());
        json = number(json, "max_bytes_per_second", link.maxBytesPerSecond());
        json = number(json, "seen_bytes_per_second", link.seenBytesPerSecond());
        return json.with("sent_bytes", link.sentBytes())
                .with("received_bytes", link.receivedBytes())
                .with("budgets", link.budgets().stream().map(StatusJson::budget).toList());
    }

    private static JsonObject budget(SiteStatus.Budget budget) {
        JsonObject json = JsonObject.empty().with("period", budget.period()).with("used_bytes", budget.usedBytes());
        return number(json, "limit_bytes", budget.limitBytes());
    }

    private static JsonObject estimate(SiteStatus.Estimate estimate) {
        JsonObject json = JsonObject.empty().with("left_bytes", estimate.leftBytes());
        return time(json, "done_at", estimate.doneAt()).with("why", estimate.why());
    }

    private static JsonObject source(SiteStatus.Source source) {
        JsonObject json = JsonObject.empty()
                .with("path", source.path())
                .with("spool", source.spool())
                .with("incarnation", source.incarnation());
        if (source.stopped().isPresent()) {
            json = json.with("stopped", source.stopped().get());
        }
        json = json.with("ready", source.ready())
                .with("incoming", source.incoming())
                .with("waiting_bytes", source.waitingBytes())
                .with("awaiting_receipt", source.awaiting())
                .with("future_blocks", source.future())
                .with("items", source.items().stream().map(StatusJson::item).toList());
        if (source.room().isPresent()) {
            SiteStatus.Room room = source.room().get();
            json = json.with(
                    "spool_room",
                    JsonObject.empty()
                            .with("own_bytes", room.ownBytes())
                            .with("limit_bytes", room.limitBytes())
                            .with("free_bytes", room.freeBytes()));
        }
        if (source.lastShipped().isPresent()) {
            SiteStatus.Shipped last = source.lastShipped().get();
            json = json.with(
                    "last_shipped",
                    JsonObject.empty()
                            .with("block", last.block())
                            .with("at", last.at().toString()));
        }
        return json.with("quarantined", source.quarantined())
                .with(
                        "quarantine",
                        source.quarantine().stream().map(StatusJson::aside).toList())
                .with("held", pairs(source.held(), "block"))
                .with("loss_records", source.lossRecords())
                .with("losses", source.losses().stream().map(StatusJson::aside).toList());
    }

    private static JsonObject item(SiteStatus.Item item) {
        JsonObject json =
                JsonObject.empty().with("block", item.block()).with("stage", StatusJsonReader.spelled(item.stage()));
        json = time(json, "from", item.from());
        json = time(json, "until", item.until());
        json = json.with("size_bytes", item.sizeBytes()).with("sent_bytes", item.sentBytes());
        return time(json, "done_at", item.doneAt());
    }

    private static JsonObject aside(SiteStatus.Aside aside) {
        JsonObject json = JsonObject.empty()
                .with("block", aside.block())
                .with("reason", aside.reason())
                .with("detail", aside.detail());
        return time(time(json, "from", aside.from()), "until", aside.until());
    }

    private static JsonObject hour(SiteStatus.Hour hour) {
        return JsonObject.empty().with("sent_bytes", hour.sentBytes()).with("received_bytes", hour.receivedBytes());
    }

    private static List<JsonObject> pairs(SortedMap<String, String> pairs, String key) {
        return pairs.entrySet().stream()
                .map(pair -> JsonObject.empty().with(key, pair.getKey()).with("reason", pair.getValue()))
                .toList();
    }

    private static JsonObject time(JsonObject json, String key, Optional<Instant> time) {
        return time.isEmpty() ? json : json.with(key, time.get().toString());
    }

    private static JsonObject number(JsonObject json, String key, Optional<Long> number) {
        return number.isEmpty() ? json : json.with(key, number.get());
    }
}
