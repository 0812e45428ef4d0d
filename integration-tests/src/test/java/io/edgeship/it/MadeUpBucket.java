package io.edgeship.it;

import io.edgeship.block.BlockId;
import io.edgeship.block.DerivedBlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.head.ChunkRules;
import io.edgeship.block.head.Head;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.synthetic.SyntheticBlocks;
import io.edgeship.block.synthetic.SyntheticSpec;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A bucket in a directory, with the two-hour blocks that sites have shipped there, fifteen days of them.
final class MadeUpBucket {
    /// A full multiple of fourteen days, where Thanos' longest blocks begin.
    static final String START_DAY = "2026-10-08";

    static final long START_MILLIS = 1_791_417_600_000L;
    static final int DAYS = 15;

    /// What both compactors make one block of.
    static final TimeRange FORTNIGHT =
            new TimeRange(START_MILLIS, START_MILLIS + Duration.ofDays(14).toMillis());

    static final TimeRange ALL =
            new TimeRange(START_MILLIS, START_MILLIS + Duration.ofDays(DAYS).toMillis());

    static final int FORTNIGHT_BLOCKS = 14 * 12;

    private static final long WINDOW_MILLIS = ChunkRules.DEFAULT.rangeMillis();
    private static final long WINDOWS_A_DAY = Duration.ofDays(1).toMillis() / WINDOW_MILLIS;

    private final Path dir;
    private final Path objstore;

    /// @param home of the bucket and its `objstore.yml`; it is made
    MadeUpBucket(Path home) throws IOException {
        Files.createDirectories(home);
        dir = Files.createDirectories(home.resolve("bucket"));
        objstore = AgentYaml.directoryBucket(home);
    }

    Path dir() {
        return dir;
    }

    Path objstore() {
        return objstore;
    }

    /// The blocks there are, their `meta.json` read.
    List<BlockMeta> blocks() throws IOException {
        List<BlockMeta> blocks = new ArrayList<>();
        try (Stream<Path> names = Files.list(dir)) {
            for (Path meta : names.map(block -> block.resolve(BlockMeta.FILE_NAME))
                    .filter(Files::exists)
                    .sorted()
                    .toList()) {
                blocks.add(BlockMeta.read(meta));
            }
        }
        return blocks;
    }

    /// Resolutions of the blocks there are, in milliseconds.
    Set<Long> resolutions() throws IOException {
        Set<Long> resolutions = new TreeSet<>();
        for (BlockMeta block : blocks()) {
            ThanosMeta thanos = block.thanos();
            if (thanos != null) {
                resolutions.add(thanos.resolutionMillis());
            }
        }
        return resolutions;
    }

    /// Made-up sites of 80 series, from `site-000` on, with a sample each two minutes.
    MadeUpBucket withSites(int number) throws IOException {
        SyntheticSpec spec =
                SyntheticSpec.parse("sites=%d,series=80,days=%d,step=120s,start=%s".formatted(number, DAYS, START_DAY));
        for (int site = 0; site < number; site++) {
            SyntheticBlocks.write(spec, site, dir, _ -> {});
        }
        return this;
    }

    /// A site's blocks of odd series.
    ///
    /// @param labels external ones
    /// @param on     which windows of two hours it was on, counted from the first
    /// @param salt   where not 0, this site's samples come a little later, and some not at all
    MadeUpBucket withOddities(Map<String, String> labels, Oddities.On on, int salt) throws IOException {
        return withOddities(labels, on, salt, -1);
    }

    /// As above, and one sample of one series is another, if `changed` is the number of its step.
    MadeUpBucket withOddities(Map<String, String> labels, Oddities.On on, int salt, long changed) throws IOException {
        for (long window = 0; window < DAYS * WINDOWS_A_DAY; window++) {
            if (on.in(window)) {
                long start = START_MILLIS + window * WINDOW_MILLIS;
                write(labels, new TimeRange(start, start + WINDOW_MILLIS), salt, changed);
            }
        }
        return this;
    }

    /// One block of odd series that begins at a time of its own: Thanos leaves alone what its newest block lies in.
    MadeUpBucket withOdditiesAt(Map<String, String> labels, long startMillis) throws IOException {
        write(labels, new TimeRange(startMillis, startMillis + WINDOW_MILLIS), 0, -1);
        return this;
    }

    private void write(Map<String, String> labels, TimeRange window, int salt, long changed) throws IOException {
        Head head = new Head(ChunkRules.DEFAULT);
        for (Map.Entry<LabelSet, Oddities.Shape> series :
                Oddities.series(changed).entrySet()) {
            for (long time = window.minTime() + salt; time < window.maxTime(); time += Oddities.STEP_MILLIS) {
                long step = (time - START_MILLIS) / Oddities.STEP_MILLIS;
                Sample sample = series.getValue().at(step, time);
                if (sample != null && !Oddities.isMissing(step, salt)) {
                    head.series(series.getKey()).append(sample);
                }
            }
        }
        BlockId id = DerivedBlockId.ofContent("oddities " + salt, new byte[0], labels, window);
        head.write(dir, id, meta -> {
            TimeRange covered = new TimeRange(meta.range().minTime(), window.maxTime());
            return BlockMeta.of(id, covered, meta.stats())
                    .withThanos(ThanosMeta.of(labels, "sidecar", List.of(), List.of()));
        });
    }

    /// The blocks in a `.tar.gz`.
    MadeUpBucket withArchive(Path archive) throws IOException, InterruptedException {
        Process tar = new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", dir.toString())
                .inheritIO()
                .start();
        if (tar.waitFor() != 0) {
            throw new IOException("tar does not unpack " + archive);
        }
        return this;
    }

    /// The same objects in another bucket.
    MadeUpBucket copyTo(Path home) throws IOException {
        MadeUpBucket copy = new MadeUpBucket(home);
        copy(dir, copy.dir);
        return copy;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(dir).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
