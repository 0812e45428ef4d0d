package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.memory.MemoryBucket;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.compact.intake.InboxListing;
import io.edgeship.compact.intake.Intake;
import io.edgeship.compact.intake.IntakeConfig;
import io.edgeship.compact.intake.IntakeResult;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/// The agent's inbox and the centre's intake, both real, over one store behind whose back pieces are deleted,
/// damaged and doubled, and between which requests get lost: every block arrives once with equal bytes, the spool
/// lets go of it only then, and nothing is left over.
class InboxWayTest {
    private static final int SCENARIOS = 12;
    private static final int ROUNDS_MAX = 2000;
    private static final int ROUNDS_OF_TROUBLE = 150;

    @TempDir(factory = MemoryDirectory.class)
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @RepeatedTest(SCENARIOS)
    void everyBlockArrivesOnceWhateverHappensOnTheWay() throws IOException {
        long seed = new Random().nextLong();
        try (Way way = new Way(dir, seed)) {
            way.run();
        }
    }

    /// As S3's, the store's time has whole seconds.
    private static final class Way implements AutoCloseable {
        private final Random random;
        private final String where;
        private final MemoryBucket store = new MemoryBucket(() -> this.now.truncatedTo(ChronoUnit.SECONDS));
        private final MeddlingBucket link;
        private final List<InboxSite> sites = new ArrayList<>();
        private final List<BlockId> committed = new ArrayList<>();
        private BucketSync sync;
        private Intake intake;
        private Instant now = Instant.parse("2026-03-04T05:06:07Z");
        private boolean calm;

        Way(Path home, long seed) throws IOException {
            random = new Random(seed);
            where = "seed " + seed;
            link = new MeddlingBucket(store, random);
            for (String name : List.of("dock", "shop")) {
                InboxSite site = new InboxSite(name, home, store, link, random);
                sites.add(site);
                for (int i = 1 + random.nextInt(3); i > 0; i--) {
                    BlockId id = new BlockId(random.nextLong() >>> 17, random.nextLong());
                    site.seal(Files.createDirectories(home.resolve(name)), id);
                }
            }
            startCentre();
        }

        private void startCentre() {
            sync = new BucketSync(link);
            intake = new Intake(
                    link, new IntakeConfig(true, Duration.ofDays(90), 64 << 20, InboxSite.LABEL), link::clock);
        }

        void run() throws IOException {
            for (int round = 0; !isDone(); round++) {
                String when = where + " round " + round;
                assertThat(round).as(when).isLessThan(ROUNDS_MAX);
                if (round == ROUNDS_OF_TROUBLE) {
                    calm = true;
                    link.calmDown();
                }
                now = now.plusMillis(random.nextInt(2) == 0 ? 300L : random.nextLong(2_000_000));
                for (InboxSite site : sites) {
                    site.live(when, now);
                    behindTheirBacks(site);
                    if (random.nextInt(3) == 0) {
                        cycle(when);
                    }
                }
            }
            settle();
        }

        private boolean isDone() throws IOException {
            for (InboxSite site : sites) {
                if (!site.isDone()) {
                    return false;
                }
            }
            return true;
        }

        private void cycle(String when) throws IOException {
            if (!calm && random.nextInt(8) == 0) {
                startCentre();
            }
            try {
                InboxListing listing = new InboxListing();
                BucketView view = sync.sync(listing::listed);
                IntakeResult result = intake.run(listing, view, true);
                assertThat(result.rejected() + result.held() + result.tooNew() + result.orphans())
                        .as(when)
                        .isZero();
                result.blocks().forEach(block -> committed.add(block.meta().id()));
            } catch (BucketException.Unavailable _) {
                return; // the next cycle tries again
            } catch (MeddlingBucket.Killed _) {
                startCentre();
            }
        }

        private void behindTheirBacks(InboxSite site) throws IOException {
            if (random.nextInt(4) == 0) {
                link.arriveLate();
            }
            if (calm) {
                return;
            }
            if (random.nextInt(15) == 0) {
                site.restart();
            }
            List<String> objects = store.keys(BucketLayout.INBOX);
            if (!objects.isEmpty() && random.nextInt(8) == 0) {
                meddle(objects.get(random.nextInt(objects.size())));
            }
        }

        /// Manifests are deleted, too; nobody but an agent can write one that says what is there.
        private void meddle(String key) {
            byte[] bytes = Objects.requireNonNull(store.bytes(key));
            boolean piece =
                    PieceName.tryParse(key.substring(key.lastIndexOf('/') + 1)).isPresent();
            switch (piece && bytes.length > 0 ? random.nextInt(3) : 0) {
                case 0 -> store.remove(key);
                case 1 -> store.set(key, new byte[random.nextInt(bytes.length)]);
                default -> {
                    bytes[random.nextInt(bytes.length)] ^= 1;
                    store.set(key, bytes);
                }
            }
        }

        /// What is late arrives, and the centre comes a few times more.
        private void settle() throws IOException {
            calm = true;
            link.calmDown();
            while (link.isAnythingLate()) {
                link.arriveLate();
            }
            for (int i = 0; i < 3; i++) {
                now = now.plusSeconds(60);
                cycle(where + " in the end");
            }
            assertThat(store.keys(BucketLayout.INBOX)).as(where).isEmpty();
            assertThat(store.listUploads("")).as(where).isEmpty();
            assertThat(committed).as(where).doesNotHaveDuplicates();
            for (InboxSite site : sites) {
                for (BlockId id : site.blocks()) {
                    site.requireInBucket(id, where);
                    String key = BucketLayout.receiptKey(site.name(), site.incarnation(), id);
                    Receipt receipt = TransportMessages.receipt(key, Objects.requireNonNull(store.bytes(key)));
                    assertThat(receipt.getVerdict()).as(where).isEqualTo(Receipt.Verdict.VERDICT_ACCEPTED);
                }
            }
        }

        @Override
        public void close() throws IOException {
            for (InboxSite site : sites) {
                site.close();
            }
        }
    }
}
