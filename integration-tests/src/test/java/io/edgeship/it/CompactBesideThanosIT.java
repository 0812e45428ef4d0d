package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.demo.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Our compactor and the real Thanos' in one bucket: at the same time, each with its own streams, and one after the
/// other over the same ones. Nothing is lost, and neither halts.
class CompactBesideThanosIT {
    private static final String OURS = "site-000";
    private static final String THEIRS = "site-001";

    /// Thanos' syntax, which is ours as well.
    private static final String ONLY = "[{action: keep, source_labels: [site], regex: '%s'}]";

    @TempDir
    private Path dir;

    private Thanos thanos = new Thanos(Path.of(""), Path.of(""));
    private EdgeshipCompact edgeship = new EdgeshipCompact(Path.of(""));

    @BeforeEach
    void findThanos() {
        thanos = new Thanos(Program.thanos(), dir);
        edgeship = new EdgeshipCompact(dir);
    }

    @Test
    void bothWorkAtOnceOnStreamsOfTheirOwn() throws Exception {
        MadeUpBucket bucket = bucket();
        MadeUpBucket before = bucket.copyTo(dir.resolve("before"));
        Path relabel = Files.writeString(dir.resolve("relabel.yml"), ONLY.formatted(THEIRS));
        try (Child theirs = thanos.startCompact(bucket.objstore(), "--selector.relabel-config-file=" + relabel);
                Child ours = edgeship.startCompact(bucket.objstore(), "selector: " + ONLY.formatted(OURS))) {
            Thanos.assertDone(theirs);
            EdgeshipCompact.assertDone(ours);
        }
        thanos.verify(bucket.objstore());
        for (String site : List.of(OURS, THEIRS)) {
            assertThat(fortnights(bucket, site))
                    .as("resolutions of the fortnight's blocks of %s, each made once", site)
                    .containsExactlyInAnyOrder(0L, 300_000L, 3_600_000L);
        }
        holdsTheSame(before, bucket);
    }

    @Test
    void aStockThanosGoesOnWhereOursEnded() throws Exception {
        MadeUpBucket bucket = bucket();
        MadeUpBucket before = bucket.copyTo(dir.resolve("before"));
        Path late = takeAway(bucket);
        edgeship.compact(bucket.objstore(), "");
        thanos.compact(bucket.objstore());
        putBack(late, bucket);
        thanos.compact(bucket.objstore());
        thanos.verify(bucket.objstore());
        holdsTheSame(before, bucket);
    }

    @Test
    void oursGoesOnWhereAStockThanosEnded() throws Exception {
        MadeUpBucket bucket = bucket();
        MadeUpBucket before = bucket.copyTo(dir.resolve("before"));
        Path late = takeAway(bucket);
        thanos.compact(bucket.objstore());
        edgeship.compact(bucket.objstore(), "");
        putBack(late, bucket);
        edgeship.compact(bucket.objstore(), "");
        thanos.verify(bucket.objstore());
        holdsTheSame(before, bucket);
    }

    private MadeUpBucket bucket() throws Exception {
        return new MadeUpBucket(dir.resolve("shared")).withSites(2);
    }

    /// The blocks of the last day: they come after the first compaction.
    private Path takeAway(MadeUpBucket bucket) throws Exception {
        Path late = Files.createDirectories(dir.resolve("late"));
        for (BlockMeta block : bucket.blocks()) {
            if (block.range().minTime() >= MadeUpBucket.FORTNIGHT.maxTime()) {
                String name = block.id().toString();
                Files.move(bucket.dir().resolve(name), late.resolve(name));
            }
        }
        return late;
    }

    private static void putBack(Path late, MadeUpBucket bucket) throws Exception {
        try (var blocks = Files.list(late)) {
            for (Path block : blocks.toList()) {
                Files.move(block, bucket.dir().resolve(block.getFileName().toString()));
            }
        }
    }

    /// Resolutions of a site's blocks that reach over the fortnight.
    private static List<Long> fortnights(MadeUpBucket bucket, String site) throws Exception {
        List<Long> resolutions = new ArrayList<>();
        for (BlockMeta block : bucket.blocks()) {
            boolean whole = block.range().maxTime() == MadeUpBucket.FORTNIGHT.maxTime()
                    && block.compaction().sources().size() == MadeUpBucket.FORTNIGHT_BLOCKS;
            of(block, site).filter(_ -> whole).ifPresent(meta -> resolutions.add(meta.resolutionMillis()));
        }
        return resolutions;
    }

    private static Optional<ThanosMeta> of(BlockMeta block, String site) {
        return Optional.ofNullable(block.thanos()).filter(meta -> meta.labels().equals(Map.of("site", site)));
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
