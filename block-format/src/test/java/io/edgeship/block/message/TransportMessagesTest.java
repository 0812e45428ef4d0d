package io.edgeship.block.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.sun.management.ThreadMXBean;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.message.v1.Receipt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransportMessagesTest {
    private static final long SEED = 20_261_125;
    private static final long ALLOCATED_BYTES_MAX = 64L << 20;
    private static final int VARINT = 0;
    private static final int DELIMITED = 2;
    private static final int GROUP = 3;

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 99, Integer.MAX_VALUE, -1})
    void aLaterVersionIsHeld(int version) {
        byte[] manifest = FrozenMessages.manifest().toBuilder()
                .setVersion(version)
                .build()
                .toByteArray();
        byte[] receipt = accepted().setVersion(version).build().toByteArray();

        assertThatThrownBy(() -> TransportMessages.manifest("m.pb", manifest))
                .isInstanceOf(UnsupportedVersionException.class)
                .hasMessageContainingAll("m.pb", "this build reads up to 1");
        assertThatThrownBy(() -> TransportMessages.receipt("r.pb", receipt))
                .isInstanceOf(UnsupportedVersionException.class);
    }

    @Test
    void aKindACodecAndAVerdictOfALaterBuildAreHeld() {
        List<byte[]> manifests = List.of(
                FrozenMessages.manifest().toBuilder().setKindValue(99).build().toByteArray(),
                FrozenMessages.manifest().toBuilder().setCodecValue(-1).build().toByteArray());
        for (byte[] manifest : manifests) {
            assertThatThrownBy(() -> TransportMessages.manifest("m.pb", manifest))
                    .isInstanceOf(UnsupportedVersionException.class);
        }
        byte[] receipt = accepted().setVerdictValue(5).build().toByteArray();
        assertThatThrownBy(() -> TransportMessages.receipt("r.pb", receipt))
                .isInstanceOf(UnsupportedVersionException.class);
    }

    @Test
    void aCutOfAnyMessageIsCorruptOrAShorterMessage() throws IOException {
        for (String name : FrozenMessages.ofRelease01().keySet()) {
            byte[] whole = FrozenMessagesTest.bytes(name);
            int corrupt = 0;
            for (int cut = 0; cut < whole.length; cut++) {
                corrupt += isRead(name, Arrays.copyOf(whole, cut)) ? 0 : 1;
            }
            assertThat(corrupt).as(name).isGreaterThan(whole.length / 2);
        }
    }

    @Test
    void randomBytesAreReadOrRefused() {
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            refused += isRead("manifest", bytes) ? 0 : 1;
            refused += isRead("receipt", bytes) ? 0 : 1;
        }
        assertThat(refused).as("seed %d", SEED).isGreaterThan(39_000);
    }

    @Test
    void theLargestMessagesThatAnItemCanNeedAreRead() throws IOException {
        Manifest.Builder manifest = FrozenMessages.manifest().toBuilder();
        Receipt.Builder receipt = accepted().setVerdict(Receipt.Verdict.VERDICT_MISSING);
        while (manifest.getPieceLengthsCount() < TransportMessages.PIECES_MAX) {
            manifest.addPieceLengths(PieceName.LENGTH_MAX).addPieceCrc32C(-1);
        }
        while (receipt.getMissingCount() < TransportMessages.PIECES_MAX) {
            receipt.addMissing(Receipt.Piece.newBuilder()
                    .setOffset(PieceName.OFFSET_MAX - 1)
                    .setLength(PieceName.LENGTH_MAX)
                    .setCrc32C(-1));
        }
        assertThat(TransportMessages.manifest("m", manifest.build().toByteArray())
                        .getPieceLengthsCount())
                .isEqualTo(TransportMessages.PIECES_MAX);
        assertThat(TransportMessages.receipt("r", receipt.build().toByteArray()).getMissingCount())
                .isEqualTo(TransportMessages.PIECES_MAX);
    }

    @Test
    void moreBytesThanAnyMessageAreRefused() {
        byte[] large = FrozenMessages.manifest().toBuilder()
                .setAgentVersionBytes(ByteString.copyFrom(new byte[TransportMessages.BYTES_MAX]))
                .build()
                .toByteArray();

        assertThatThrownBy(() -> TransportMessages.manifest("m.pb", large))
                .isInstanceOf(CorruptFormatException.class)
                .hasMessageContaining("longer than");
    }

    /// Two bytes a field: parsed as they are, some would take hundreds of megabytes.
    @Test
    void hugeCountsAreRefusedBeforeTheyTakeMemory() throws IOException {
        for (Fields field : List.<Fields>of(
                out -> out.writeTag(Manifest.FILES_FIELD_NUMBER, DELIMITED),
                out -> out.writeTag(Receipt.MISSING_FIELD_NUMBER, DELIMITED),
                out -> out.writeTag(15, VARINT),
                out -> out.writeTag(15, DELIMITED),
                out -> out.writeTag(Manifest.PIECE_LENGTHS_FIELD_NUMBER, VARINT))) {
            refusesCheaply(fill(out -> {
                field.write(out);
                out.writeUInt32NoTag(0);
            }));
        }
        byte[] numbers = new byte[TransportMessages.BYTES_MAX - 100];
        refusesCheaply(one(out -> out.writeByteArray(Manifest.PIECE_LENGTHS_FIELD_NUMBER, numbers)));
        byte[] unknown = fill(out -> out.writeUInt32(15, 0));
        byte[] nested = Arrays.copyOf(unknown, unknown.length - 100);
        refusesCheaply(one(out -> out.writeByteArray(Manifest.FILES_FIELD_NUMBER, nested)));
        refusesCheaply(one(out -> out.writeByteArray(Receipt.MISSING_FIELD_NUMBER, nested)));
        refusesCheaply(one(out -> out.writeTag(3, GROUP)));
    }

    private static void refusesCheaply(byte[] bytes) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int read = 0;
        for (String kind : List.of("manifest", "receipt")) {
            long before = threads.getCurrentThreadAllocatedBytes();
            read += isRead(kind, bytes) ? 1 : 0;
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("%s of %d bytes", kind, bytes.length)
                    .isLessThan(ALLOCATED_BYTES_MAX);
        }
        assertThat(read).isLessThan(2);
    }

    private static byte[] fill(Fields fields) throws IOException {
        byte[] field = one(fields);
        byte[] whole = new byte[TransportMessages.BYTES_MAX / field.length * field.length];
        for (int at = 0; at < whole.length; at += field.length) {
            System.arraycopy(field, 0, whole, at, field.length);
        }
        return whole;
    }

    private static byte[] one(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    /// Any other exception than the two typed ones ends the test.
    private static boolean isRead(String name, byte[] bytes) {
        try {
            FrozenMessagesTest.read(name, bytes);
            return true;
        } catch (CorruptFormatException | UnsupportedVersionException _) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    private static Receipt.Builder accepted() {
        return FrozenMessages.receipt(Receipt.Verdict.VERDICT_ACCEPTED, "").toBuilder();
    }
}
