package io.edgeship.compact;

import io.edgeship.block.json.JsonObject;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.message.v1.Loss;
import java.nio.charset.StandardCharsets;

/// Edgeship's messages as JSON for people; the lite runtime of Protobuf has no printer.
final class Messages {
    private Messages() {}

    static String json(Heartbeat heartbeat) {
        return text(JsonObject.empty()
                .with("version", heartbeat.getVersion())
                .with("site", heartbeat.getSite())
                .with("incarnation", heartbeat.getIncarnation())
                .with("agent_version", heartbeat.getAgentVersion())
                .with("sent_at_ms", heartbeat.getSentAtMs())
                .with("clock_skew_ms", heartbeat.getClockSkewMs())
                .with("data_until_ms", heartbeat.getDataUntilMs())
                .with("backlog_items", heartbeat.getBacklogItems())
                .with("backlog_bytes", heartbeat.getBacklogBytes())
                .with("outstanding_ulids", heartbeat.getOutstandingUlidsList())
                .with("losses", heartbeat.getLosses()));
    }

    static String json(Loss loss) {
        return text(JsonObject.empty()
                .with("version", loss.getVersion())
                .with("site", loss.getSite())
                .with("incarnation", loss.getIncarnation())
                .with("ulid", loss.getUlid())
                .with("min_time_ms", loss.getMinTimeMs())
                .with("max_time_ms", loss.getMaxTimeMs())
                .with("samples", loss.getSamples())
                .with("reason", loss.getReason().name())
                .with("detail", loss.getDetail())
                .with("recorded_at_ms", loss.getRecordedAtMs()));
    }

    private static String text(JsonObject json) {
        return new String(json.toIndentedBytes(), StandardCharsets.UTF_8);
    }
}
