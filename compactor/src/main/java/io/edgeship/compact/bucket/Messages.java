package io.edgeship.compact.bucket;

import com.google.protobuf.ByteString;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.message.SiteMessages;
import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;

/// Objects of the bucket as text for people: Edgeship's messages as JSON (the lite runtime of Protobuf has no
/// printer), what is compressed unpacked.
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
            if (key.startsWith(BucketLayout.INBOX) && key.endsWith("/manifest.pb")) {
                return json(TransportMessages.manifest(key, in.readNBytes(TransportMessages.BYTES_MAX + 1)));
            }
            if (key.startsWith(BucketLayout.SITES) && key.contains("/receipts/")) {
                return json(TransportMessages.receipt(key, in.readNBytes(TransportMessages.BYTES_MAX + 1)));
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
                .with("losses", heartbeat.getLosses())
                .with("began_at_ms", heartbeat.getBeganAtMs())
                .with("agent_incarnations", heartbeat.getAgentIncarnationsList())
                .with("awaiting_receipt", heartbeat.getAwaitingReceipt()));
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
                .with("recorded_at_ms", loss.getRecordedAtMs())
                .with("source_ulids", loss.getSourceUlidsList()));
    }

    private static String json(Manifest manifest) {
        List<JsonObject> files = manifest.getFilesList().stream()
                .map(file -> JsonObject.empty()
                        .with("path", file.getPath())
                        .with("size_bytes", file.getSizeBytes())
                        .with("sha256", hex(file.getSha256())))
                .toList();
        return text(JsonObject.empty()
                .with("version", manifest.getVersion())
                .with("site", manifest.getSite())
                .with("incarnation", manifest.getIncarnation())
                .with("ulid", manifest.getUlid())
                .with("kind", manifest.getKind().name())
                .with("codec", manifest.getCodec().name())
                .with("files", files)
                .with("pieces", pieces(manifest))
                .with("attempt", manifest.getAttempt())
                .with("agent_version", manifest.getAgentVersion())
                .with("sent_at_ms", manifest.getSentAtMs()));
    }

    /// Names as in the bucket, so that they can be looked for.
    private static List<String> pieces(Manifest manifest) {
        List<String> names = new ArrayList<>();
        long offset = 0;
        for (int i = 0; i < Math.min(manifest.getPieceLengthsCount(), manifest.getPieceCrc32CCount()); i++) {
            names.add(name(offset, manifest.getPieceLengths(i), manifest.getPieceCrc32C(i)));
            offset += Integer.toUnsignedLong(manifest.getPieceLengths(i));
        }
        return names;
    }

    private static String json(Receipt receipt) {
        List<String> missing = receipt.getMissingList().stream()
                .map(piece -> name(piece.getOffset(), piece.getLength(), piece.getCrc32C()))
                .toList();
        return text(JsonObject.empty()
                .with("version", receipt.getVersion())
                .with("ulid", receipt.getUlid())
                .with("attempt", receipt.getAttempt())
                .with("verdict", receipt.getVerdict().name())
                .with("detail", receipt.getDetail())
                .with("missing", missing)
                .with("decided_at_ms", receipt.getDecidedAtMs())
                .with("compactor_version", receipt.getCompactorVersion()));
    }

    /// As [io.edgeship.block.message.PieceName] prints it, but for any numbers.
    private static String name(long offset, int length, int crc32c) {
        return "%012d-%07d-%08x".formatted(offset, Integer.toUnsignedLong(length), crc32c);
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    private static String text(JsonObject json) {
        return new String(json.toIndentedBytes(), StandardCharsets.UTF_8);
    }
}
