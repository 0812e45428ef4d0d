package io.edgeship.compact.intake;

import static io.edgeship.fleet.BucketFolder.A;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.bucket.Bucket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Random items over a store behind whose back pieces are deleted, damaged, duplicated and delivered late: each block
/// arrives once with equal bytes, or the receipt says exactly what is missing.
class RandomItemsTest {
    private static final int ITEMS = 15;
    private static final int ROUNDS_MAX = 30;

    @SuppressWarnings("NullAway.Init")
    private InboxFolder inbox;

    @BeforeEach
    void inbox() {
        inbox = new InboxFolder();
    }

    @Test
    void everyBlockArrivesOnceWhateverHappensToItsPieces() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Bucket bucket = inbox.folder.open();
        Intake intake = new Intake(bucket, InboxFolder.config(), bucket::clock);
        for (int i = 0; i < ITEMS; i++) {
            String when = "seed %d item %d".formatted(seed, i);
            TestItem item = TestItem.random(new BlockId(A.high(), i), random, 1 + random.nextInt(1500));
            Set<PieceName> broken = new HashSet<>();
            item.putPieces(inbox.folder, Duration.ZERO).putManifest(inbox.folder, item.manifest());
            for (int attempt = 1; ; attempt++) {
                assertThat(attempt).as(when).isLessThan(ROUNDS_MAX);
                disturb(item, random, broken);
                inbox.run(intake, bucket);
                Receipt receipt = inbox.receipt(item);
                assertThat(receipt.getAttempt()).as(when).isEqualTo(attempt);
                if (broken.isEmpty()) {
                    arrived(item, when);
                    break;
                }
                assertThat(RepeatedItemTest.missing(receipt)).as(when).hasSameElementsAs(named(item, broken));
                resend(item, RepeatedItemTest.missing(receipt), broken);
                item.putManifest(inbox.folder, item.manifest().setAttempt(attempt + 1));
            }
            if (random.nextBoolean()) { // everything once more, long after
                item.put(inbox.folder);
                inbox.run(intake, bucket);
                arrived(item, when + " late");
            }
        }
    }

    /// A listing that shows too little ends the look; only pieces that are all listed are read.
    private List<PieceName> named(TestItem item, Set<PieceName> broken) throws Exception {
        List<PieceName> unlisted = new ArrayList<>();
        for (PieceName piece : broken) {
            String file = path(item, piece);
            if (!inbox.folder.holds(file) || inbox.folder.read(file).length != piece.length()) {
                unlisted.add(piece);
            }
        }
        return unlisted.isEmpty() ? List.copyOf(broken) : unlisted;
    }

    private void disturb(TestItem item, Random random, Set<PieceName> broken) throws Exception {
        for (int i = random.nextInt(4); i > 0; i--) {
            PieceName piece = item.pieces.get(random.nextInt(item.pieces.size()));
            switch (random.nextInt(5)) {
                case 0 -> {
                    inbox.folder.open().remove(path(item, piece));
                    broken.add(piece);
                }
                case 1 -> {
                    byte[] bytes = item.bytes(piece);
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    inbox.folder.put(item.prefix() + piece, bytes, Duration.ZERO);
                    broken.add(piece);
                }
                case 2 -> {
                    inbox.folder.put(item.prefix() + piece, new byte[random.nextInt(piece.length())], Duration.ZERO);
                    broken.add(piece);
                }
                case 3 -> resend(item, List.of(piece), broken); // a late duplicate
                default -> {
                    PieceName other = new PieceName(piece.offset(), piece.length(), ~piece.crc32c());
                    inbox.folder.put(item.prefix() + other, new byte[piece.length()], Duration.ZERO);
                }
            }
        }
    }

    private void resend(TestItem item, List<PieceName> pieces, Set<PieceName> broken) throws Exception {
        for (PieceName piece : pieces) {
            inbox.folder.put(item.prefix() + piece, item.bytes(piece), Duration.ZERO);
            broken.remove(piece);
        }
    }

    private void arrived(TestItem item, String when) throws Exception {
        inbox.holdsBlockOf(item, when);
        assertThat(inbox.receipt(item).getVerdict()).as(when).isEqualTo(Verdict.VERDICT_ACCEPTED);
        assertThat(inbox.inbox()).as(when).isEmpty();
    }

    private String path(TestItem item, PieceName piece) {
        return item.prefix() + piece;
    }
}
