package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Content;
import io.edgeship.block.verify.Verdict;
import io.edgeship.bucket.memory.MemoryBucket;
import io.edgeship.it.ModelBlocks.Point;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.ship.PrometheusSource;
import io.edgeship.ship.pack.Packer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Judges what a scenario left in the bucket.
///
/// @param where said of each failure
record ScenarioEnd(
        Path home,
        String where,
        ScenarioSite.Setup setup,
        MemoryBucket store,
        PrometheusSource source,
        ModelBlocks prometheus) {
    private static final int NAMED = 8;

    Scenario.Outcome judge() throws IOException {
        List<Point> shipped = new ArrayList<>();
        List<BlockMeta> blocks = new ArrayList<>();
        for (BlockId id : shippedIds()) {
            blocks.add(requireFit(download(id)));
        }
        blocks.removeAll(blocks.stream().filter(one -> isHidden(one, blocks)).toList());
        for (BlockMeta block : blocks) {
            if (isRaw(block)) {
                shipped.addAll(read(directory(block.id())));
            }
        }
        Set<Point> distinct = new HashSet<>(shipped);
        assertNone(
                "samples that Prometheus never had, or that were deleted",
                without(distinct, prometheus.mayBeShipped()));
        if (!setup.centreEdgeship()) {
            requireApart(blocks);
            assertThat(shipped.size()).as("%s: samples, none twice", where).isEqualTo(distinct.size());
        }
        Set<Point> missing = without(prometheus.mustBeShipped(), distinct);
        Set<Point> held = held();
        Set<Point> lost = lost(missing);
        Set<Point> unaccounted = without(without(missing, held), lost);
        assertNone("samples that are neither shipped nor held nor reported as lost", unaccounted);
        missing.retainAll(held);
        return new Scenario.Outcome(
                prometheus.mustBeShipped().size(),
                distinct.size(),
                missing.size(),
                lost.size(),
                prometheus.neverSeen(),
                blocks.size());
    }

    private void assertNone(String what, Set<Point> points) {
        List<Point> some = new TreeSet<>(points).stream().limit(NAMED).toList();
        assertThat(some).as("%s: %d %s", where, points.size(), what).isEmpty();
    }

    private static Set<Point> without(Set<Point> points, Collection<Point> others) {
        Set<Point> left = new HashSet<>(points);
        left.removeAll(others);
        return left;
    }

    private Set<BlockId> shippedIds() {
        Set<BlockId> ids = new TreeSet<>();
        for (String key : store.keys("")) {
            if (key.endsWith("/" + BlockMeta.FILE_NAME)) {
                BlockId.tryParse(key.substring(0, key.indexOf('/'))).ifPresent(ids::add);
            }
        }
        return ids;
    }

    /// Thanos leaves out a block whose sources another block has too, and later deletes it: one that the agent sent
    /// without hearing of it, before Prometheus merged it.
    private static boolean isHidden(BlockMeta block, List<BlockMeta> blocks) {
        Set<BlockId> sources = Set.copyOf(block.compaction().sources());
        return blocks.stream()
                .map(other -> Set.copyOf(other.compaction().sources()))
                .anyMatch(others -> others.size() > sources.size() && others.containsAll(sources));
    }

    /// Of what was thinned for want of room, the aggregates are there; its raw samples are on record as lost.
    private static boolean isRaw(BlockMeta block) {
        return Objects.requireNonNull(block.thanos(), "not sealed").resolutionMillis() == 0;
    }

    private Path directory(BlockId id) {
        return home.resolve("bucket").resolve(id.toString());
    }

    private Path download(BlockId id) throws IOException {
        for (String key : store.keys(id + "/")) {
            Path file = home.resolve("bucket").resolve(key);
            Files.createDirectories(file.resolveSibling("."));
            Files.write(file, Objects.requireNonNull(store.bytes(key)));
        }
        return directory(id);
    }

    private BlockMeta requireFit(Path block) throws IOException {
        Verdict verdict = BlockVerifier.verify(block);
        if (!(verdict instanceof Verdict.Sound(var meta, Content content))) {
            throw new AssertionError(where + ": " + block + " is not sound: " + verdict);
        }
        assertThat(content.chunksByEncoding().keySet())
                .as("%s: encodings of %s", where, block)
                .allMatch(Encoding::readByThanos);
        return meta;
    }

    private void requireApart(List<BlockMeta> blocks) {
        for (BlockMeta one : blocks) {
            assertThat(blocks.stream()
                            .filter(other -> !other.id().equals(one.id())
                                    && other.range().overlaps(one.range()))
                            .map(other ->
                                    other.id() + " of " + other.compaction().sources()))
                    .as(
                            "%s: blocks over %s of %s",
                            where,
                            one.range(),
                            one.id() + " of " + one.compaction().sources())
                    .isEmpty();
        }
    }

    private static List<Point> read(Path block) throws IOException {
        List<Point> points = new ArrayList<>();
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            reader.forEachSeries(List.of(), series -> {
                String name = Objects.requireNonNull(series.labels().toMap().get("series"));
                series.forEachSample((time, bits) -> points.add(new Point(time, name, bits)));
            });
        }
        return points;
    }

    private Set<Point> held() throws IOException {
        Set<Point> held = new HashSet<>();
        for (Incoming item : source.spool().incoming()) {
            if (source.held().containsKey(item.id())) {
                held.addAll(read(item.dir()));
            }
        }
        for (Item item : source.spool().ready()) {
            if (source.held().containsKey(item.id())) {
                held.addAll(read(files(item)));
            }
        }
        return held;
    }

    private static Path files(Item item) throws IOException {
        if (item.hasFiles()) {
            return item.dir();
        }
        Path block = Files.createTempDirectory(item.dir(), "unpacked")
                .resolve(item.id().toString());
        Packer.HERE.unpack(item.pack().orElseThrow().path(), block);
        return block;
    }

    /// Those of `missing` that a loss record names: by block, or by its time where the agent made the block.
    private Set<Point> lost(Set<Point> missing) throws IOException {
        Set<Point> lost = new HashSet<>();
        for (Loss loss : source.spool().losses()) {
            BlockId id = BlockId.parse(loss.getUlid());
            for (Point point : missing) {
                boolean inTime = loss.getMinTimeMs() <= point.timeMillis() && point.timeMillis() < loss.getMaxTimeMs();
                if (prometheus.wrote(id) ? prometheus.samplesOf(id).contains(point) : inTime) {
                    lost.add(point);
                }
            }
        }
        return lost;
    }
}
