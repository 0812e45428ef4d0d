package io.edgeship.compact.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.StoreClock;
import io.edgeship.fleet.BucketMemory;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// Runs intake over a bucket in memory, and looks at what came of it.
final class InboxFolder {
    static final Duration ORPHANS = Duration.ofDays(90);

    /// Far less than in production: hashing eight times a thousand bytes tells as much.
    static final int PART_BYTES = 8 << 10;

    final BucketMemory folder = new BucketMemory();

    static IntakeConfig config() {
        return new IntakeConfig(true, ORPHANS, 64 << 20, "site");
    }

    /// A process that was just started: one listing, one round.
    IntakeResult run() throws IOException {
        return run(folder.open());
    }

    IntakeResult run(Bucket bucket) throws IOException {
        return run(new Intake(bucket, config(), bucket::clock, PART_BYTES), bucket);
    }

    IntakeResult run(Bucket bucket, IntakeConfig config) throws IOException {
        return run(new Intake(bucket, config, bucket::clock), bucket);
    }

    /// One more round of a process that goes on.
    IntakeResult run(Intake intake, Bucket bucket) throws IOException {
        InboxListing listing = new InboxListing();
        BucketView view = new BucketSync(bucket).sync(listing::listed);
        return intake.run(listing, view, true);
    }

    IntakeResult runAt(Instant now) throws IOException {
        StoreClock clock = new StoreClock(InstantSource.system(), System::nanoTime);
        clock.saw(now);
        Bucket bucket = folder.open();
        return run(new Intake(bucket, config(), () -> clock), bucket);
    }

    Receipt receipt(TestItem item) throws IOException {
        return folder.holds(item.receiptKey())
                ? TransportMessages.receipt(item.receiptKey(), folder.read(item.receiptKey()))
                : Receipt.getDefaultInstance();
    }

    List<String> inbox() throws IOException {
        return folder.keys().stream()
                .filter(key -> key.startsWith(BucketLayout.INBOX))
                .toList();
    }

    /// The block of an item is there, once, with equal bytes; meta.json but for the time of its upload.
    void holdsBlockOf(TestItem item, String when) throws IOException {
        assertThat(folder.keysOf(item.id)).as(when).containsExactlyInAnyOrderElementsOf(item.files.keySet());
        for (var file : item.files.entrySet()) {
            byte[] there = folder.read(item.id + "/" + file.getKey());
            if (file.getKey().equals(BlockMeta.FILE_NAME)) {
                CommittedBlock block = new CommittedBlock(BlockMeta.parse("there", there));
                ItemPlan plan = plan(item);
                assertThat(block.wasMadeOf(plan)).as(when).isTrue();
                assertThat(new String(there, java.nio.charset.StandardCharsets.UTF_8))
                        .as(when)
                        .doesNotContain("0001-01-01");
            } else {
                assertThat(there).as("%s %s", when, file.getKey()).isEqualTo(file.getValue());
            }
        }
    }

    static ItemPlan plan(TestItem item) {
        InboxItem folder = new InboxItem(
                TestItem.SITE, TestItem.INCARNATION, item.id, 1, 1, 1, InboxItem.Seen.NONE, InboxItem.Seen.NONE);
        try {
            return ItemPlan.of(folder, item.manifest().build(), 64 << 20);
        } catch (RejectedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// No upload is open.
    void holdsNothingUnfinished(String when) throws IOException {
        assertThat(folder.open().listUploads("")).as(when).isEmpty();
    }
}
