package io.edgeship.ship;

import static io.edgeship.ship.DataDirectory.A;
import static io.edgeship.ship.DataDirectory.AB;
import static io.edgeship.ship.DataDirectory.ABC;
import static io.edgeship.ship.DataDirectory.B;
import static io.edgeship.ship.DataDirectory.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Place;
import io.edgeship.queue.Spool;
import io.edgeship.queue.journal.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Prometheus deletes and merges blocks just while they are linked.
class IntakeTest {
    private static final String SPOOL = "edgeship-spool";

    @TempDir
    private Path dir;

    private DataDirectory data;
    private Spool spool;

    @BeforeEach
    void open() throws IOException {
        data = DataDirectory.create(dir);
        spool = Spool.open(dir.resolve(SPOOL));
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    @Test
    void aBlockMergedJustBeforeItIsLinkedIsNoLoss() throws IOException {
        data.cut(A, B);
        Intake.Taken taken = take(before(A, () -> data.merge(AB, List.of(A, B), A, B)));
        assertThat(incoming()).containsExactly(AB);
        assertThat(taken.safe()).containsExactly(AB);
        assertThat(spool.losses()).isEmpty();
    }

    @Test
    void aParentLinkedJustBeforeTheMergeStaysUntilTheMergedBlockIsSealed() throws IOException {
        data.cut(A, B);
        take(before(B, () -> data.merge(AB, List.of(A, B), A, B)));
        assertThat(incoming()).containsExactly(A, AB);
        assertThat(spool.losses()).isEmpty();
    }

    @Test
    void aBlockMergedTwiceWhileItIsLinkedIsNoLoss() throws IOException {
        data.cut(A, B, C);
        Intake.Link link = before(A, () -> data.merge(AB, List.of(A, B), A, B));
        take(before(AB, () -> data.merge(ABC, List.of(AB, C), A, B, C), link));
        assertThat(incoming()).contains(ABC);
        assertThat(spool.losses()).isEmpty();
    }

    @Test
    void aBlockDeletedJustBeforeItIsLinkedIsALossOnRecord() throws IOException {
        data.cut(A, B);
        Intake.Taken taken = take(before(A, () -> data.remove(A)));
        assertThat(incoming()).containsExactly(B);
        assertThat(taken.safe()).containsExactly(B);
        assertThat(spool.losses()).singleElement().satisfies(loss -> {
            assertThat(loss.getUlid()).isEqualTo(A.toString());
            assertThat(loss.getReason()).isEqualTo(Loss.Reason.REASON_VANISHED);
            assertThat(loss.getSamples()).isPositive();
        });
    }

    /// A block has three files beside its tombstones, and is linked file by file.
    @Test
    void aBlockThatGoesWhileAnyOfItsFilesIsLinkedIsFoundInWhatItBecameOrIsALossOnRecord() throws IOException {
        for (int file = 0; file < 5; file++) {
            for (boolean merged : new boolean[] {false, true}) {
                Path home = dir.resolve("at-%d-%s".formatted(file, merged));
                DataDirectory source = DataDirectory.create(home);
                source.cut(A, B);
                int[] links = {file};
                Disk disk = beforeLink(() -> {
                    if (links[0]-- == 0) {
                        Files.move(source.block(A), home.resolve(A + ".tmp-for-deletion")); // as Prometheus does
                        if (merged) {
                            source.write(AB, 2, A, B);
                            source.remove(B);
                        }
                    }
                });
                try (Spool own = Spool.open(home.resolve(SPOOL), disk, InstantSource.system())) {
                    Losses losses = new Losses("it", own.incarnation(), InstantSource.fixed(Instant.EPOCH));
                    Lineages lineages = new Lineages(own);
                    new Intake(home, own, own::take, losses)
                            .take(() ->
                                    BlockChooser.look(lineages, Optional.empty(), new Backfill.All(), Instant.EPOCH));
                    boolean whole = file == 4; // all four were linked: the block is safe
                    String where = "gone before link %d, merged: %s".formatted(file, merged);
                    assertThat(own.losses()).as(where).hasSize(whole || merged ? 0 : 1);
                    assertThat(own.find(A).isPresent()).as(where).isEqualTo(whole);
                    assertThat(own.find(merged ? AB : B)).as(where).contains(Place.INCOMING);
                }
            }
        }
    }

    private static Disk beforeLink(Deed deed) {
        return WatchedDisk.by((method, _) -> {
            if (method.equals("link")) {
                deed.run();
            }
        });
    }

    @Test
    void aBlockWithoutAnIndexIsLinkedForTheVerifierToJudge() throws IOException {
        data.cut(A);
        Files.delete(data.block(A).resolve("index"));
        take(spool::take);
        assertThat(incoming()).containsExactly(A);
        assertThat(spool.losses()).isEmpty();
    }

    @Test
    void aDiskThatDoesNotGiveOneBlockDoesNotKeepTheNextBack() throws IOException {
        data.cut(A, B);
        Intake.Taken taken = take((id, block) -> {
            if (id.equals(A)) {
                throw new IOException("Input/output error");
            }
            spool.take(id, block);
        });
        assertThat(incoming()).containsExactly(B);
        assertThat(taken.safe()).containsExactly(B);
        assertThat(taken.held().get(A)).contains("Input/output error");
        assertThat(taken.failed()).hasSize(1);
    }

    @Test
    void aMetaThatTheDiskDoesNotGiveIsTriedAgainAndOneThatIsNonsenseIsSetAside() throws IOException {
        data.cut(A, B, C);
        Files.delete(data.block(A).resolve("meta.json"));
        Files.createDirectory(data.block(A).resolve("meta.json")); // reading it fails as a broken sector would
        Files.writeString(data.block(B).resolve("meta.json"), "{\"ulid\":");
        Intake.Taken taken = take(spool::take);
        assertThat(incoming()).containsExactly(C);
        assertThat(taken.held()).containsOnlyKeys(A);
        assertThat(taken.safe()).containsExactly(B, C);
        assertThat(spool.losses()).extracting(Loss::getUlid).containsExactly(B.toString());
    }

    private interface Deed {
        void run() throws IOException;
    }

    private Intake.Link before(BlockId block, Deed deed) {
        return before(block, deed, spool::take);
    }

    private static Intake.Link before(BlockId block, Deed deed, Intake.Link inner) {
        return new Intake.Link() {
            private boolean done;

            @Override
            public void take(BlockId id, Path from) throws IOException {
                if (id.equals(block) && !done) {
                    done = true;
                    deed.run();
                }
                inner.take(id, from);
            }
        };
    }

    private Intake.Taken take(Intake.Link link) throws IOException {
        Losses losses = new Losses("it", spool.incarnation(), InstantSource.fixed(Instant.EPOCH));
        Lineages lineages = new Lineages(spool);
        return new Intake(dir, spool, link, losses)
                .take(() -> BlockChooser.look(lineages, Optional.empty(), new Backfill.All(), Instant.EPOCH));
    }

    private List<BlockId> incoming() throws IOException {
        return spool.incoming().stream().map(Incoming::id).toList();
    }
}
