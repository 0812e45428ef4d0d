package io.edgeship.queue.transport.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.message.PieceName;
import io.edgeship.bucket.BucketException;
import io.edgeship.queue.Blocks;
import io.edgeship.queue.Item;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.UploadProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a link that is cut again and again carries, beside what had to be carried. The cuts come after exponentially
/// distributed numbers of bytes, heads of requests included.
class InboxLinkTest {
    private static final long SEED = 20_261_125;
    private static final int HEAD_BYTES = 1024;
    private static final int CHUNK_BYTES = 10 << 20;
    private static final int TRIES_MAX = 10_000;

    @TempDir
    Path dir;

    private final InboxStore store = new InboxStore();
    private final FakeCentre centre = new FakeCentre(store);
    private final Random random = new Random(SEED);
    private long wire;
    private long untilCut;

    @ParameterizedTest
    @CsvSource({"1048576, 1.10", "262144, 1.25"})
    void sendsLittleMoreThanTheItemOverALinkThatIsCut(int meanBytes, double ratioMax) throws IOException {
        Item item = SealedItems.write(dir, Blocks.A, CHUNK_BYTES);
        byte[] stream = SealedItems.stream(item);
        connect(meanBytes);
        store.trouble = new InboxStore.Trouble() {
            @Override
            public void before(String request, byte @Nullable [] body) throws BucketException {
                carry((body == null ? 0 : body.length) + HEAD_BYTES, meanBytes);
            }
        };
        PieceSizing sizing = new PieceSizing(PieceName.LENGTH_MIN, PieceName.LENGTH_MAX, () -> wire);
        InboxTransport transport = new InboxTransport(
                store.bucket(), InboxStore.SITE, InboxStore.INCARNATION, "1", sizing, UploadProgress.NONE);

        int tries = 1;
        while (!shipped(transport, item)) {
            assertThat(++tries).as("seed %d", SEED).isLessThan(TRIES_MAX);
        }

        centre.cycle(item.id());
        assertThat(centre.accepted.get(item.id())).isEqualTo(stream);
        assertThat((double) wire / stream.length)
                .as("mean %d, %d tries, seed %d", meanBytes, tries, SEED)
                .isBetween(1.0, ratioMax);
        assertThat(tries).isGreaterThan(stream.length / meanBytes / 2);
    }

    private static boolean shipped(InboxTransport transport, Item item) throws IOException {
        try {
            transport.ship(item);
            return true;
        } catch (BucketException.Unavailable _) {
            return false;
        }
    }

    private void carry(int bytes, int meanBytes) throws BucketException.Unavailable {
        if (bytes > untilCut) {
            wire += untilCut;
            connect(meanBytes);
            throw new BucketException.Unavailable("cut", null);
        }
        wire += bytes;
        untilCut -= bytes;
    }

    private void connect(int meanBytes) {
        untilCut = (long) (-Math.log(1 - random.nextDouble()) * meanBytes);
    }
}
