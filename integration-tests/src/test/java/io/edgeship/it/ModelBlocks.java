package io.edgeship.it;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.head.ChunkRules;
import io.edgeship.block.head.Head;
import io.edgeship.block.testing.TestTombstones;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.tombstones.Tombstone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The blocks in the directory of a [ModelPrometheus]: real ones, of few samples. Remembers every sample of every block
/// that ever was there, and which an agent must or may ship.
final class ModelBlocks {
    private final Path dataDir;
    private final Random random;
    private final boolean xor2;
    private final Between between;
    private final Map<BlockId, Cut> there = new TreeMap<>();
    private final Map<BlockId, Set<Point>> ever = new HashMap<>();
    private final Set<BlockId> mayBeTaken = new HashSet<>();
    private final Set<BlockId> vanished = new HashSet<>();
    private final Set<Point> seen = new HashSet<>();
    private final Set<Point> deleted = new HashSet<>();
    private final Set<Point> perhapsDeleted = new HashSet<>();
    private final Set<Point> known = new HashSet<>();

    /// @param bits of the value
    record Point(long timeMillis, String series, long bits) implements Comparable<Point> {
        private static final Comparator<Point> ORDER = Comparator.comparingLong(Point::timeMillis)
                .thenComparing(Point::series)
                .thenComparingLong(Point::bits);

        @Override
        public int compareTo(Point other) {
            return ORDER.compare(this, other);
        }

        @Override
        public String toString() {
            return series + "@" + Instant.ofEpochMilli(timeMillis);
        }
    }

    /// What else happens between two changes of the directory.
    @FunctionalInterface
    interface Between {
        void run() throws IOException;
    }

    /// A block in the directory.
    ///
    /// @param left what was not deleted of it
    record Cut(BlockMeta meta, Set<Point> left, List<Tombstone> tombstones) {
        TimeRange range() {
            return meta.range();
        }
    }

    /// @param xor2 whether it writes chunks that a stock Thanos cannot read
    ModelBlocks(Path dataDir, Random random, boolean xor2, Between between) throws IOException {
        this.dataDir = dataDir;
        this.random = random;
        this.xor2 = xor2;
        this.between = between;
        Files.createDirectories(dataDir.resolve("wal"));
    }

    /// Every sample that an agent could take and that nobody deleted.
    Set<Point> mustBeShipped() {
        Set<Point> must = new HashSet<>(seen);
        must.removeAll(deleted);
        must.removeAll(perhapsDeleted);
        return must;
    }

    /// Every sample that a block had, but for those deleted before an agent could take it.
    Set<Point> mayBeShipped() {
        Set<Point> may = new HashSet<>(known);
        may.removeAll(deleted);
        return may;
    }

    /// Those that were gone before an agent could take a block with them.
    long neverSeen() {
        return known.stream().filter(point -> !seen.contains(point)).count();
    }

    boolean isKnown(long timeMillis, String series) {
        return known.stream()
                .anyMatch(point ->
                        point.timeMillis() == timeMillis && point.series().equals(series));
    }

    /// Of a block that it wrote once; empty for others.
    Set<Point> samplesOf(BlockId id) {
        return ever.getOrDefault(id, Set.of());
    }

    boolean wrote(BlockId id) {
        return ever.containsKey(id);
    }

    List<Cut> all() {
        return List.copyOf(there.values());
    }

    /// Notes that the agent looks: it may take whatever is there.
    void agentLooks() {
        mayBeTaken.addAll(there.keySet());
        vanished.clear();
    }

    /// Notes that the agent has had a look at all, so that it must have taken, or know to be lost, whatever there is.
    void agentHasSeen() {
        there.keySet().forEach(id -> seen.addAll(samplesOf(id)));
        vanished.forEach(id -> seen.addAll(samplesOf(id)));
    }

    /// The block is gone at the moment at which the agent links it.
    void vanish(BlockId id) throws IOException {
        if (there.containsKey(id)) {
            vanished.add(id);
            remove(id);
        }
    }

    private BlockId id(long now) {
        return new BlockId((now << 16) | random.nextInt(1 << 16), random.nextLong());
    }

    void write(long now, TimeRange range, Set<Point> points, List<String> hints) throws IOException {
        BlockId id = id(now);
        write(id, range, points, new BlockMeta.Compaction(1, List.of(id), false, List.of(), false, hints));
    }

    private void write(BlockId id, TimeRange range, Set<Point> points, BlockMeta.Compaction lineage)
            throws IOException {
        Head samples = new Head(new ChunkRules(ModelPrometheus.WINDOW_MILLIS, xor2 && random.nextBoolean(), false));
        for (Point point : new TreeSet<>(points)) {
            samples.series(labels(point.series())).append(0, point.timeMillis(), point.bits());
        }
        Path made = Files.createDirectories(dataDir.resolve("made.tmp"));
        Path block =
                samples.write(made, id, meta -> new BlockMeta(id, range, meta.stats(), lineage, null, meta.original()));
        TestTombstones.write(block, List.of());
        BlockMeta meta = BlockMeta.read(block.resolve(BlockMeta.FILE_NAME));
        Files.move(block, dataDir.resolve(id.toString()));
        there.put(id, new Cut(meta, new TreeSet<>(points), new ArrayList<>()));
        ever.put(id, Set.copyOf(points));
        known.addAll(points);
        between.run();
    }

    private static LabelSet labels(String series) {
        return LabelSet.ofSorted("__name__", "m", "series", series);
    }

    /// Writes one of several; then they go.
    void merge(long now, List<Cut> together) throws IOException {
        Set<Point> points = new TreeSet<>();
        Set<BlockId> sources = new TreeSet<>();
        List<BlockMeta.Parent> parents = new ArrayList<>();
        int level = 0;
        long minTime = Long.MAX_VALUE;
        long maxTime = Long.MIN_VALUE;
        for (Cut one : together) {
            points.addAll(one.left());
            sources.addAll(one.meta().compaction().sources());
            parents.add(new BlockMeta.Parent(one.meta().id(), one.range()));
            level = Math.max(level, one.meta().compaction().level());
            minTime = Math.min(minTime, one.range().minTime());
            maxTime = Math.max(maxTime, one.range().maxTime());
        }
        if (!points.isEmpty()) {
            BlockMeta.Compaction lineage =
                    new BlockMeta.Compaction(level + 1, List.copyOf(sources), false, parents, false, List.of());
            write(id(now), new TimeRange(minTime, maxTime), points, lineage);
        }
        for (BlockMeta.Parent parent : parents) {
            if (there.containsKey(parent.id())) {
                remove(parent.id());
            }
        }
    }

    /// Deletes samples of one series, those of blocks by tombstones.
    void delete(String series, long from, long until, Predicate<Point> gone) throws IOException {
        for (Cut block : all()) {
            List<Point> points = block.left().stream().filter(gone).toList();
            if (points.isEmpty()) {
                continue;
            }
            for (Point point : points) {
                boolean mayBeUnderWay =
                        mayBeTaken.stream().anyMatch(id -> samplesOf(id).contains(point));
                (mayBeUnderWay ? perhapsDeleted : deleted).add(point);
            }
            points.forEach(block.left()::remove);
            entomb(block, series, from, until);
        }
    }

    private void entomb(Cut block, String series, long from, long until) throws IOException {
        Path dir = dataDir.resolve(block.meta().id().toString());
        try (BlockReader reader = BlockReader.open(BlockFiles.of(dir))) {
            reader.forEachSeries(List.of(), one -> {
                if (one.labels().equals(labels(series))) {
                    block.tombstones().add(new Tombstone(one.ref(), from, until));
                }
            });
        }
        block.tombstones().sort(Comparator.comparingLong(Tombstone::seriesRef));
        Files.delete(dir.resolve("tombstones")); // Prometheus, too, makes a new file
        TestTombstones.write(dir, block.tombstones());
    }

    void remove(Collection<Cut> blocks) throws IOException {
        for (Cut block : blocks) {
            if (there.containsKey(block.meta().id())) {
                remove(block.meta().id());
            }
        }
    }

    private void remove(BlockId id) throws IOException {
        there.remove(id);
        Path away = Files.move(dataDir.resolve(id.toString()), dataDir.resolve(id + ".tmp-for-deletion"));
        Scenario.delete(away);
        between.run();
    }
}
