package io.edgeship.block.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.message.v1.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// What each message of a release says, every field set. The bytes beside it were written by that release and are never
/// written again; a later release adds a directory of its own.
final class FrozenMessages {
    private static final String ULID = "01M83GR348Y4934FR7CE7TVV09";
    private static final String SITE = "greenhouse-7";
    private static final String INCARNATION = "00112233445566778899aabbccddeeff";

    private FrozenMessages() {}

    static Map<String, MessageLite> ofRelease01() {
        Map<String, MessageLite> messages = new LinkedHashMap<>();
        messages.put("heartbeat.pb", heartbeat());
        messages.put("loss.pb", loss());
        messages.put("manifest.pb", manifest());
        messages.put("receipt-accepted.pb", receipt(Receipt.Verdict.VERDICT_ACCEPTED, ""));
        messages.put("receipt-missing.pb", missing());
        messages.put("receipt-rejected.pb", receipt(Receipt.Verdict.VERDICT_REJECTED, "label site is 'shop', not 'x'"));
        messages.put("receipt-too-new.pb", receipt(Receipt.Verdict.VERDICT_TOO_NEW, "codec 2 is read from 0.3 on"));
        return messages;
    }

    /// Writes the vectors of a release, once, before it goes out.
    public static void main(String[] args) throws IOException {
        for (Map.Entry<String, MessageLite> message : ofRelease01().entrySet()) {
            Files.write(Path.of(args[0], message.getKey()), message.getValue().toByteArray());
        }
    }

    static Heartbeat heartbeat() {
        return Heartbeat.newBuilder()
                .setVersion(1)
                .setSite(SITE)
                .setIncarnation(INCARNATION)
                .setAgentVersion("0.1.0")
                .setSentAtMs(1_772_600_767_000L)
                .setClockSkewMs(-86_400_000)
                .setDataUntilMs(1_772_596_800_000L)
                .setBacklogItems(2)
                .setBacklogBytes(5_000_000_000L)
                .addOutstandingUlids(ULID)
                .addOutstandingUlids("01M83GSE5DPDK87AWYMSGXDHS9")
                .setLosses(3)
                .setBeganAtMs(1_770_000_000_000L)
                .addAgentIncarnations(INCARNATION)
                .addAgentIncarnations("ffeeddccbbaa99887766554433221100")
                .setAwaitingReceipt(1)
                .build();
    }

    static Loss loss() {
        return Loss.newBuilder()
                .setVersion(1)
                .setSite(SITE)
                .setIncarnation(INCARNATION)
                .setUlid(ULID)
                .setMinTimeMs(1_772_589_600_000L)
                .setMaxTimeMs(1_772_596_800_000L)
                .setSamples(1_234_567)
                .setReason(Loss.Reason.REASON_CORRUPT)
                .setDetail("index at offset 17 (0x11): größer als erlaubt")
                .setRecordedAtMs(1_772_600_000_000L)
                .build();
    }

    static Manifest manifest() {
        return Manifest.newBuilder()
                .setVersion(1)
                .setSite(SITE)
                .setIncarnation(INCARNATION)
                .setUlid(ULID)
                .setKind(Manifest.Kind.KIND_BLOCK)
                .setCodec(Manifest.Codec.CODEC_PLAIN)
                .addFiles(file("chunks/000001", 8_000_000, 0x11))
                .addFiles(file("index", 700_000, 0x22))
                .addFiles(file("meta.json", 608, 0xff))
                .addPieceLengths(8_388_608)
                .addPieceLengths(65_536)
                .addPieceLengths(246_464)
                .addPieceCrc32C(0xe3069283)
                .addPieceCrc32C(0)
                .addPieceCrc32C(0x7fffffff)
                .setAttempt(300)
                .setAgentVersion("0.1.0")
                .setSentAtMs(1_772_600_767_000L)
                .build();
    }

    private static Manifest.File file(String path, long sizeBytes, int digest) {
        byte[] sha256 = new byte[32];
        Arrays.fill(sha256, (byte) digest);
        return Manifest.File.newBuilder()
                .setPath(path)
                .setSizeBytes(sizeBytes)
                .setSha256(ByteString.copyFrom(sha256))
                .build();
    }

    static Receipt receipt(Receipt.Verdict verdict, String detail) {
        return Receipt.newBuilder()
                .setVersion(1)
                .setUlid(ULID)
                .setAttempt(300)
                .setVerdict(verdict)
                .setDetail(detail)
                .setDecidedAtMs(1_772_601_000_000L)
                .setCompactorVersion("0.1.0")
                .build();
    }

    private static Receipt missing() {
        return receipt(Receipt.Verdict.VERDICT_MISSING, "2 of 3 pieces").toBuilder()
                .addMissing(Receipt.Piece.newBuilder().setLength(8_388_608).setCrc32C(0xe3069283))
                .addMissing(Receipt.Piece.newBuilder()
                        .setOffset(999_999_999_999L)
                        .setLength(1)
                        .setCrc32C(1))
                .build();
    }
}
