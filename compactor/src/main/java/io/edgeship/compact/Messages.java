package io.edgeship.compact;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.message.SiteMessages;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/// Objects of the bucket as text for people: Edgeship's messages as JSON (the lite runtime of Protobuf has no printer),
/// what is compressed unpacked.
final class Messages {
    private static final int OBJECT_BYTES_MAX = 64 << 20;

    private Messages() {}

    /// @throws CorruptFormatException for what is no text, or too long to print
    static String text(Bucket bucket, String key) throws IOException {
        try (InputStream in = bucket.get(key)) {
            if (key.endsWith("/heartbeat.pb")) {
                return json(SiteMessages.heartbeat(key, in.readNBytes(SiteMessages.BYTES_MAX + 1)));
            }
            if (key.startsWith(BucketLayout.SITES) && key.contains("/losses/")) {
                return json(SiteMessages.loss(key, in.readNBytes(SiteMessages.BYTES_MAX + 1)));
            }
            InputStream plain = key.endsWith(".gz") ? new GZIPInputStream(in) : in;
            byte[] bytes = plain.readNBytes(OBJECT_BYTES_MAX + 1);
            if (bytes.length > OBJECT_BYTES_MAX) {
                throw new CorruptFormatException(key, OBJECT_BYTES_MAX, "too long to print");
            }
            return Printable.page(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new CorruptFormatException(key, 0, "is no text");
        }
    }

    private static String json(Heartbeat heartbeat) {
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

    private static String json(Loss loss) {
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
