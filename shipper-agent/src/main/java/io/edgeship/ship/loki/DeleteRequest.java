package io.edgeship.ship.loki;

import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What somebody asked a site's Loki to delete.
///
/// @param tenant at the site
/// @param query  a stream selector, and perhaps filters behind it
/// @param from   of the lines, and so are those through `through`
/// @param status in Loki's words: `received`, then `processed`
record DeleteRequest(
        String tenant, String id, String query, Instant from, Instant through, Instant created, String status) {
    static final String PROCESSED = "processed";

    /// Loki lists it no longer and has never said that it was carried out: most likely it was cancelled.
    static final String GONE = "gone";

    /// Reads the answer of `/loki/api/v1/delete`.
    ///
    /// @param source stands for it in errors
    static List<DeleteRequest> parse(String source, String tenant, byte[] list) throws CorruptFormatException {
        String wrapped = "{\"requests\":%s}".formatted(new String(list, StandardCharsets.UTF_8));
        JsonObject json = JsonObject.parse(source, wrapped.getBytes(StandardCharsets.UTF_8));
        List<DeleteRequest> requests = new ArrayList<>();
        for (JsonObject one : json.objects("requests")) {
            requests.add(new DeleteRequest(
                    tenant,
                    one.requiredText("request_id"),
                    one.requiredText("query"),
                    seconds(one, "start_time"),
                    seconds(one, "end_time"),
                    seconds(one, "created_at"),
                    one.text("status").orElse("")));
        }
        return requests;
    }

    /// With decimals where they are needed.
    private static Instant seconds(JsonObject json, String key) throws CorruptFormatException {
        try {
            return Instant.ofEpochMilli(json.requiredNumber(key)
                    .movePointRight(3)
                    .setScale(0, RoundingMode.DOWN)
                    .longValueExact());
        } catch (ArithmeticException e) {
            throw json.corrupt(key, "is no time");
        }
    }

    DeleteRequest as(String newStatus) {
        return new DeleteRequest(tenant, id, query, from, through, created, newStatus);
    }

    /// Whether some of the lines that a chunk holds may be meant. A selector that cannot be read may mean any
    /// stream.
    ///
    /// @param labels of its stream
    boolean covers(Map<String, String> labels, TimeRange lines) {
        if (lines.minTime() > through.toEpochMilli() || lines.maxTime() <= from.toEpochMilli()) {
            return false;
        }
        Map<String, String> seen = new HashMap<>(labels);
        seen.remove(LabelSet.METRIC_NAME); // Loki's own, in every stream
        LabelSet stream = LabelSet.of(seen);
        return LogSelector.of(query)
                .map(selector -> selector.matchers().stream().allMatch(one -> one.matches(stream)))
                .orElse(true);
    }

    /// What [#read] reads.
    JsonObject toJson() {
        return JsonObject.empty()
                .with("request_id", id)
                .with("status", status)
                .with("created_at", created.toString())
                .with("start", from.toString())
                .with("end", through.toString())
                .with("site_tenant", tenant)
                .with("site_query", query);
    }

    static DeleteRequest read(JsonObject json) throws CorruptFormatException {
        return new DeleteRequest(
                json.requiredText("site_tenant"),
                json.requiredText("request_id"),
                json.requiredText("site_query"),
                time(json, "start"),
                time(json, "end"),
                time(json, "created_at"),
                json.requiredText("status"));
    }

    private static Instant time(JsonObject json, String key) throws CorruptFormatException {
        try {
            return Instant.parse(json.requiredText(key));
        } catch (DateTimeException e) {
            throw json.corrupt(key, "is no time");
        }
    }
}
