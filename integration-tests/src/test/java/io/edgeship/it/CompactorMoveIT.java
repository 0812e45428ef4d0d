package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.demo.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The centre's way of the pages `adopt.md` and `roll-back.md`, with a real `thanos compact`: it works alone,
/// then with our compactor on one site as a pilot, then ours alone, then it goes on over what ours wrote. Each
/// time blocks have come since; no sample is lost, and Thanos finds nothing wrong.
class CompactorMoveIT {
    private static final String PILOT = "site-000";
    private static final long DAY = Duration.ofDays(1).toMillis();

    @TempDir
    private Path dir;

    private Thanos thanos = new Thanos(Path.of(""), Path.of(""));
    private PageCommands page = new PageCommands(Path.of(""));
    private EdgeshipCompact edgeship = new EdgeshipCompact(Path.of(""));

    @BeforeEach
    void findThanos() {
        thanos = new Thanos(Program.thanos(), dir);
        page = new PageCommands(dir);
        edgeship = new EdgeshipCompact(dir);
    }

    @Test
    void fromThanosOverAPilotToOursAndBackNothingIsLost() throws Exception {
        MadeUpBucket bucket = new MadeUpBucket(dir.resolve("shared")).withSites(2);
        Files.copy(bucket.objstore(), dir.resolve("objstore.yml"));
        MadeUpBucket before = bucket.copyTo(dir.resolve("before"));
        Path later = takeAway(bucket);
        arrive(later, bucket, 5);
        thanos.compact(bucket.objstore());

        arrive(later, bucket, 9);
        look(bucket);
        pilot();
        assertThat(madeByUs(bucket, PILOT))
                .as("blocks of the pilot that ours made")
                .isPositive();
        assertThat(madeByUs(bucket, "site-001")).isZero();

        arrive(later, bucket, 14);
        edgeship.compact(bucket.objstore(), "");
        assertThat(madeByUs(bucket, "site-001")).as("blocks that ours made").isPositive();

        arrive(later, bucket, MadeUpBucket.DAYS);
        try (Child theirs = thanos.startCompact(page, PageBlock.ROLL_BACK_COMPACTOR)) {
            Thanos.assertDone(theirs);
        }
        thanos.verify(bucket.objstore());
        holdsTheSame(before, bucket);
    }

    @Test
    void oursRefusesWhileThanosWorksOnTheSameBlocks() throws Exception {
        MadeUpBucket bucket = new MadeUpBucket(dir.resolve("shared")).withSites(1);
        Path later = takeAway(bucket);
        arrive(later, bucket, 5);
        edgeship.compact(bucket.objstore(), "");
        arrive(later, bucket, MadeUpBucket.DAYS);
        thanos.compact(bucket.objstore());
        try (Child ours = edgeship.startCompact(bucket.objstore(), "")) {
            ours.awaitExit(Duration.ofMinutes(2));
            assertThat(ours.output()).contains("nothing was compacted");
        }
        edgeship.compact(bucket.objstore(), PageBlock.ROLL_BACK_TO_OURS.text());
        thanos.verify(bucket.objstore());
    }

    private void look(MadeUpBucket bucket) throws Exception {
        Files.writeString(dir.resolve("compactor.yaml"), "objstore: {file: objstore.yml}\n");
        List<BlockMeta> before = bucket.blocks();
        CommandLine.Ended ended = page.run(PageBlock.ADOPT_COMPACTOR_LOOK, Map.of());
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(bucket.blocks()).isEqualTo(before);
    }

    private void pilot() throws Exception {
        try (Child theirs = thanos.startCompact(page, PageBlock.ADOPT_OTHERS);
                Child ours = edgeship.startCompact(dir.resolve("objstore.yml"), PageBlock.ADOPT_PILOT.text())) {
            Thanos.assertDone(theirs);
            EdgeshipCompact.assertDone(ours);
        }
    }

    private static long madeByUs(MadeUpBucket bucket, String site) throws Exception {
        long made = 0;
        for (BlockMeta block : bucket.blocks()) {
            ThanosMeta meta = Objects.requireNonNull(block.thanos(), "no thanos section");
            boolean ours = meta.extension("edgeship")
                    .text("compacted")
                    .equals(Optional.of(block.id().toString()));
            made += ours && site.equals(meta.labels().get("site")) ? 1 : 0;
        }
        return made;
    }

    private Path takeAway(MadeUpBucket bucket) throws Exception {
        Path later = Files.createDirectories(dir.resolve("later"));
        for (BlockMeta block : bucket.blocks()) {
            String name = block.id().toString();
            Files.move(bucket.dir().resolve(name), later.resolve(name));
        }
        return later;
    }

    /// The blocks of the first days, as far as they have not come before.
    private static void arrive(Path later, MadeUpBucket bucket, int days) throws Exception {
        List<Path> blocks;
        try (var names = Files.list(later)) {
            blocks = names.toList();
        }
        for (Path block : blocks) {
            BlockMeta meta = BlockMeta.read(block.resolve(BlockMeta.FILE_NAME));
            if (meta.range().maxTime() <= MadeUpBucket.START_MILLIS + days * DAY) {
                Files.move(block, bucket.dir().resolve(block.getFileName().toString()));
            }
        }
    }

    private void holdsTheSame(MadeUpBucket before, MadeUpBucket after) throws Exception {
        try (ThanosReader expected = thanos.read(before.objstore());
                ThanosReader actual = thanos.read(after.objstore())) {
            ReadersCompared.Outcome outcome =
                    ReadersCompared.compare(expected, actual, MadeUpBucket.ALL, ReadersCompared.RAW);
            assertThat(outcome.differences()).isEmpty();
            assertThat(outcome.samples()).isPositive();
        }
    }
}
