package io.edgeship.ship;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.memory.MemoryBucket;
import io.edgeship.queue.Item;
import io.edgeship.queue.Spool;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.queue.transport.inbox.InboxTransport;
import io.edgeship.ship.pack.PackConfig;
import io.edgeship.ship.pack.PackMeter;
import io.edgeship.ship.pack.Packer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What becomes of sealed blocks where they are to be packed.
class PackingTest extends ScannedSource {
    private static final BlockId A = DataDirectory.A;
    private static final BlockId B = DataDirectory.B;
    private static final PackConfig BESIDE = new PackConfig(true, false);
    private static final PackConfig ONLY = new PackConfig(true, true);

    private final MemoryBucket store = new MemoryBucket(() -> NOW);
    private final PackMeter meter = new PackMeter();
    private final List<String> events = new ArrayList<>();
    private final List<String> works = new ArrayList<>();
    private boolean noRoom;

    /// Works as the real one, and has no room where the test says so.
    private final Packer packer = new Packer() {
        @Override
        public void pack(Path item, Path pack) throws IOException {
            works.add("pack");
            requireRoom();
            HERE.pack(item, pack);
        }

        @Override
        public void unpack(Path pack, Path block) throws IOException {
            works.add("unpack");
            requireRoom();
            HERE.unpack(pack, block);
        }

        private void requireRoom() throws IOException {
            if (noRoom) {
                throw new IOException("no room");
            }
        }
    };

    private void pack(PackConfig config) {
        source.packWith(packer, config, ShippingOrder.OLDEST_FIRST, meter);
    }

    @Test
    void aSealedBlockIsPackedOnceAndNotSentBefore() throws IOException {
        data.cut(A);
        source.scan();
        pack(BESIDE);
        assertThat(source.isForThePacker(only())).isTrue();

        source.scan();
        source.scan();

        assertThat(works).containsExactly("pack");
        assertThat(source.isForThePacker(only())).isFalse();
        assertThat(only().hasFiles()).isTrue();
        assertThat(meter.packs()).isEqualTo(1);
        assertThat(meter.rawBytes()).isEqualTo(only().sizeBytes());
        assertThat(meter.packedBytes()).isEqualTo(only().bytesToSend()).isLessThan(only().sizeBytes());
        assertThat(source.spool().workshop()).isEmptyDirectory();
    }

    @Test
    void nothingIsKeptButThePackWhereThatIsWantedAndTheSpoolHasItsSize() throws IOException {
        pack(ONLY);
        data.cut(A, B);
        source.scan();

        for (Item item : source.spool().ready()) {
            assertThat(item.hasFiles()).isFalse();
            assertThat(item.dir().toFile().list()).containsExactlyInAnyOrder("block.pack", "meta.json", "item.json");
        }
        long packs = Item.bytesToSend(source.spool().ready());
        assertThat(source.spool().holding()).isEqualTo(new Spool.Holding(packs, packs));
        assertThat(packs).isLessThan(only(A).sizeBytes());
    }

    @Test
    void filesThatAKillLeftBesideThePackGoWithTheNextScan() throws IOException {
        pack(BESIDE);
        data.cut(A);
        source.scan();
        pack(ONLY);

        assertThat(source.isForThePacker(only())).as("it may be sent meanwhile").isFalse();
        source.scan();

        assertThat(only().hasFiles()).isFalse();
        assertThat(works).containsExactly("pack");
    }

    @Test
    void aBlockThatCannotBePackedIsSentAsItsFilesAndCounted() throws IOException {
        noRoom = true;
        pack(ONLY);
        data.cut(A);
        assertThat(source.scan()).isEmpty();
        source.scan();

        assertThat(works).containsExactly("pack");
        assertThat(source.isForThePacker(only())).isFalse();
        assertThat(meter.failures()).isEqualTo(1);
        ship();
        assertThat(manifest().getCodec()).isEqualTo(Manifest.Codec.CODEC_PLAIN);
    }

    /// Else its files would go out in the grace time.
    @Test
    void anAgentThatIsStoppedAmidPackingSendsNothingOfTheBlock() throws IOException {
        Packer stopped = new Packer() {
            @Override
            public void pack(Path item, Path pack) throws IOException {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("the agent is stopping");
            }

            @Override
            public void unpack(Path pack, Path block) {
                throw new AssertionError("nothing to unpack");
            }
        };
        source.packWith(stopped, BESIDE, ShippingOrder.OLDEST_FIRST, meter);
        data.cut(A);
        source.scan();
        assertThat(Thread.interrupted()).isTrue();

        assertThat(source.isForThePacker(only())).isTrue();
        assertThat(meter.failures()).isZero();
        pack(BESIDE);
        source.scan();
        assertThat(only().pack()).isPresent();
    }

    @Test
    void theFilesOfAPackThatTheCentreRejectsComeBackBitForBit() throws IOException {
        pack(ONLY);
        data.cut(A);
        source.scan();
        ship();
        assertThat(manifest().getCodec()).isEqualTo(Manifest.Codec.CODEC_PACK);
        answer(Receipt.Verdict.VERDICT_REJECTED, 1);
        ship();
        assertThat(source.isForThePacker(only())).as("unpacked first").isTrue();

        noRoom = true;
        assertThat(source.scan()).singleElement().asString().contains("no room");
        assertThat(only().pack()).isPresent();
        noRoom = false;
        close();
        start(); // else it would wait for a minute
        pack(ONLY);
        source.scan();

        assertThat(only().pack()).isEmpty();
        for (String file : List.of("index", "chunks/000001")) {
            assertThat(only().dir().resolve(file))
                    .hasSameBinaryContentAs(data.dir().resolve(A.toString()).resolve(file));
        }
        ship();
        assertThat(manifest().getCodec()).isEqualTo(Manifest.Codec.CODEC_PLAIN);
        assertThat(manifest().getAttempt()).isEqualTo(2);
        answer(Receipt.Verdict.VERDICT_ACCEPTED, 2);
        ship();
        assertThat(events).containsExactly("delivered " + A, "pack rejected " + A, "delivered " + A, "shipped " + A);
        assertThat(works).containsExactly("pack", "unpack", "unpack");
    }

    @Test
    void filesThatAreBesideTheRejectedPackAreSentAtOnceAndTheirRejectionIsTheBlocks() throws IOException {
        pack(BESIDE);
        data.cut(A);
        source.scan();
        ship();
        answer(Receipt.Verdict.VERDICT_REJECTED, 1);
        ship();
        assertThat(only().pack()).isEmpty();
        ship();
        assertThat(manifest().getAttempt()).isEqualTo(2);
        answer(Receipt.Verdict.VERDICT_REJECTED, 2);
        ship();

        assertThat(source.spool().quarantined()).hasSize(1);
        assertThat(events).endsWith("quarantined " + A);
        source.scan();
        assertThat(works).as("never packed again").containsExactly("pack");
    }

    @Test
    void aDamagedPackThatStandsForItsFilesSetsTheBlockAside() throws IOException {
        pack(ONLY);
        data.cut(A, B);
        source.scan();
        Path pack = only(A).pack().orElseThrow().path();
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length / 2] ^= 1;
        Files.write(pack, bytes);
        pack(PackConfig.NONE);
        source.scan();

        assertThat(ready()).containsExactly(B);
        assertThat(source.spool().losses())
                .singleElement()
                .extracting(Loss::getReason)
                .isEqualTo(Loss.Reason.REASON_CORRUPT);
    }

    @Test
    void packsAreUndoneWhereTheyAreNotWantedAnyMore() throws IOException {
        pack(ONLY);
        data.cut(A);
        source.scan();
        pack(BESIDE);
        data.cut(B);
        source.scan();
        pack(PackConfig.NONE);
        assertThat(source.isForThePacker(only(A))).isTrue();
        assertThat(source.isForThePacker(only(B))).isTrue();
        source.scan();

        for (Item item : source.spool().ready()) {
            assertThat(item.pack()).isEmpty();
            assertThat(item.dir().resolve("index"))
                    .hasSameBinaryContentAs(
                            data.dir().resolve(item.id().toString()).resolve("index"));
        }
        assertThat(works).as("B's files were there").containsExactly("pack", "pack", "unpack");
    }

    @Test
    void aBlockThatIsPackedAlreadyIsStillMergedWithOneOfItsWindow() throws IOException {
        pack(ONLY);
        data.cut(A);
        source.scan();
        data.write(X, 1, OUT_OF_ORDER, X);
        source.scan();

        assertThat(ready()).hasSize(1).doesNotContain(A, X);
        assertThat(only().hasFiles()).isFalse();
        assertThat(works).containsExactly("pack", "unpack", "pack");
        assertThat(source.spool().workshop()).isEmptyDirectory();
    }

    private Item only(BlockId id) throws IOException {
        return source.spool().ready().stream()
                .filter(item -> item.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /// A run of the ship loop that remembers nothing of those before.
    private void ship() throws IOException {
        InboxTransport inbox = new InboxTransport(
                store,
                "it",
                source.spool().incarnation(),
                "1",
                new PieceSizing(500, 500, () -> 0),
                UploadProgress.NONE);
        ShipLoop.Tools tools = new ShipLoop.Tools(
                store,
                LinkUse.FREE,
                ShippingOrder.OLDEST_FIRST,
                new HeardEvents(events),
                new SiteReports("it", store),
                new Confirmations(UploadProgress.NONE),
                () -> NOW,
                new Random(1));
        new ShipLoop(List.of(new Lane(source, inbox, false)), tools).run();
    }

    private Manifest manifest() throws IOException {
        String key = BucketLayout.manifestKey("it", source.spool().incarnation(), A);
        return TransportMessages.manifest(key, Objects.requireNonNull(store.bytes(key)));
    }

    private void answer(Receipt.Verdict verdict, int attempt) throws IOException {
        Receipt receipt = Receipt.newBuilder()
                .setVersion(1)
                .setUlid(A.toString())
                .setAttempt(attempt)
                .setVerdict(verdict)
                .setDecidedAtMs(NOW.toEpochMilli() + attempt)
                .build();
        store.put(BucketLayout.receiptKey("it", source.spool().incarnation(), A), Body.of(receipt.toByteArray()));
    }
}
