package io.edgeship.compact.intake;

import static io.edgeship.fleet.BucketFolder.A;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.RecordingBucket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Manifests that take a newer one's place, or come again: no site is left waiting for an answer.
class LateManifestTest {
    private final InboxFolder inbox = new InboxFolder();
    private final Random random = new Random(8);
    private final TestItem item = TestItem.random(A, random, 300);
    private final PieceName lost = item.pieces.get(1);

    /// The first manifest is answered `missing`; then something comes late.
    @BeforeEach
    void answer() throws Exception {
        item.put(inbox.folder);
        inbox.folder.delete(item.prefix() + lost);
        inbox.run();
        assertThat(RepeatedItemTest.missing(inbox.receipt(item))).containsExactly(lost);
    }

    @Test
    void aManifestThatCameAfterItsAnswerIsAnsweredAnewOnce() throws Exception {
        Receipt first = inbox.receipt(item);
        Bucket bucket = inbox.folder.open();
        Intake intake = new Intake(bucket, InboxFolder.config(), bucket::clock);
        item.putManifest(inbox.folder, item.manifest());

        assertThat(inbox.run(intake, bucket).missing()).isEqualTo(1);

        Receipt second = inbox.receipt(item);
        assertThat(second.getDecidedAtMs()).isGreaterThan(first.getDecidedAtMs());
        assertThat(RepeatedItemTest.missing(second)).containsExactly(lost);
        RecordingBucket recorded = new RecordingBucket(bucket);
        Intake restarted = new Intake(recorded, InboxFolder.config(), bucket::clock);
        assertThat(inbox.run(restarted, recorded).missing()).isZero();
        assertThat(recorded.keysOf("put")).isEmpty();
        recorded.clear();
        inbox.run(restarted, recorded);
        assertThat(recorded.calls()).containsExactly("list ");
    }

    @Test
    void aManifestThatCameAfterItsAnswerIsTakenOnceItsPiecesAreThere() throws Exception {
        item.putManifest(inbox.folder, item.manifest());
        inbox.folder.put(item.prefix() + lost, item.bytes(lost), Duration.ZERO);

        assertThat(inbox.run().accepted()).isEqualTo(1);

        inbox.holdsBlockOf(item, "of a manifest that came late");
        assertThat(inbox.receipt(item).getAttempt()).isEqualTo(1);
    }

    /// Its pieces may be of another cut: under the newer number they would have the site send everything again.
    @Test
    void anAnswerToAnOlderManifestBearsTheOlderNumber() throws Exception {
        item.putManifest(inbox.folder, item.manifest().setAttempt(2));
        inbox.run();
        assertThat(inbox.receipt(item).getAttempt()).isEqualTo(2);

        item.putManifest(inbox.folder, item.manifest());
        inbox.run();

        assertThat(inbox.receipt(item).getAttempt()).isEqualTo(1);
        assertThat(inbox.receipt(item).getVerdict()).isEqualTo(Verdict.VERDICT_MISSING);
    }

    /// It was committed, then the centre was killed before it answered, and somebody emptied the inbox.
    @Test
    void theSameBlockThatIsThereIsAcceptedWithoutAnyPiece() throws Exception {
        inbox.folder.put(item.prefix() + lost, item.bytes(lost), Duration.ZERO);
        item.putManifest(inbox.folder, item.manifest().setAttempt(2));
        inbox.run();
        inbox.folder.delete(item.receiptKey());
        item.putManifest(inbox.folder, item.manifest().setAttempt(2));
        RecordingBucket recorded = new RecordingBucket(inbox.folder.open());

        assertThat(inbox.run(recorded).accepted()).isEqualTo(1);

        assertThat(recorded.calls().stream().filter(call -> call.startsWith("head ")))
                .as("no piece is looked for")
                .isEmpty();
        assertThat(inbox.receipt(item).getVerdict()).isEqualTo(Verdict.VERDICT_ACCEPTED);
        assertThat(inbox.inbox()).isEqualTo(List.of());
        inbox.holdsBlockOf(item, "in the end");
    }
}
