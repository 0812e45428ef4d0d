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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What Prometheus does to its data directory, with real blocks of few samples: windows that are cut late, blocks of
/// samples out of order, merges that appear before their parents go, retention, tombstones, and windows that are cut
/// again after a disk was restored. Remembers every sample of every block.
final class ModelPrometheus {
    static final long WINDOW_MILLIS = Duration.ofHours(2).toMillis();

    private static final long SCRAPE_MILLIS = Duration.ofMinutes(10).toMillis();
    private static final long OUT_OF_ORDER_MILLIS = Duration.ofHours(7).toMillis();
    private static final long RETENTION_MILLIS = Duration.ofHours(30).toMillis();
    private static final int SERIES = 3;
    private static final int WINDOWS_MERGED = 3;

    private final Path dataDir;
    private final Random random;
    private final Habits habits;
    private final Between between;
    private final TreeSet<Point> head = new TreeSet<>();
    private final TreeSet<Point> outOfOrder = new TreeSet<>();
    private final Map<BlockId, Cut> there = new TreeMap<>();
    private final Map<BlockId, Set<Point>> ever = new HashMap<>();
    private final Set<BlockId> taken = new HashSet<>();
    private final Set<Point> deleted = new HashSet<>();
    private final Set<Point> perhapsDeleted = new HashSet<>();
    private final Set<Point> known = new HashSet<>();
    private long lastScrape;
    private long lastTime;

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

    /// How it is configured.
    ///
    /// @param merges whether it merges windows that overlap, and three in a row
    /// @param xor2   whether it writes chunks that a stock Thanos cannot read
    record Habits(boolean outOfOrder, boolean merges, boolean xor2) {}

    /// What else happens between two changes of the directory.
    @FunctionalInterface
    interface Between {
        void run() throws IOException;
    }

    /// A block in the directory.
    ///
    /// @param left what was not deleted of it
    private record Cut(BlockMeta meta, Set<Point> left, List<Tombstone> tombstones) {}

    ModelPrometheus(Path dataDir, Random random, Habits habits, Between between) throws IOException {
        this.dataDir = dataDir;
        this.random = random;
        this.habits = habits;
        this.between = between;
        Files.createDirectories(dataDir.resolve("wal"));
    }

    /// Every sample that a block had and that nobody deleted.
    Set<Point> mustBeShipped() {
        Set<Point> must = new HashSet<>(known);
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

    /// Of a block that it wrote once; empty for others.
    Set<Point> samplesOf(BlockId id) {
        return ever.getOrDefault(id, Set.of());
    }

    boolean wrote(BlockId id) {
        return ever.containsKey(id);
    }

    /// Notes that the agent looks: it may take whatever is there.
    void agentLooks() {
        taken.addAll(there.keySet());
    }

    /// Scrapes until `now`, by this machine's clock, which may have been set back.
    void scrapeUntil(long now) {
        if (lastScrape == 0 || now < lastScrape - OUT_OF_ORDER_MILLIS) {
            lastScrape = now - SCRAPE_MILLIS;
        }
        for (long time = Math.min(lastScrape, now) + SCRAPE_MILLIS; time <= now; time += SCRAPE_MILLIS) {
            for (int series = 0; series < SERIES; series++) {
                if (random.nextInt(12) != 0) {
                    append("s" + series, time);
                }
            }
            lastScrape = time;
        }
        lastScrape = Math.min(lastScrape, now);
        if (habits.outOfOrder() && random.nextInt(3) == 0) {
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                append("s" + random.nextInt(SERIES), now - random.nextLong(OUT_OF_ORDER_MILLIS));
            }
        }
    }

    private void append(String series, long time) {
        Point point = new Point(time, series, Double.doubleToRawLongBits(random.nextInt(1000) / 8.0));
        boolean doubled = Stream.of(head, outOfOrder, known)
                .flatMap(Collection::stream)
                .anyMatch(one -> one.timeMillis() == time && one.series().equals(series));
        if (doubled) {
            return;
        }
        if (time > lastTime) {
            head.add(point);
        } else if (habits.outOfOrder() && time > lastTime - OUT_OF_ORDER_MILLIS) {
            outOfOrder.add(point);
        }
    }

    /// What it does every minute.
    void compact(long now) throws IOException {
        lastTime = head.isEmpty() ? lastTime : Math.max(lastTime, head.getLast().timeMillis());
        boolean cut = false;
        while (!head.isEmpty() && lastTime - floor(head.getFirst().timeMillis()) >= WINDOW_MILLIS * 3 / 2) {
            cutOne(now);
            cut = true;
        }
        if (cut) {
            cutOutOfOrder(now);
        }
        if (habits.merges() && random.nextInt(3) > 0) {
            merge(now);
        }
        for (Cut block : List.copyOf(there.values())) {
            if (block.meta().range().maxTime() < lastTime - RETENTION_MILLIS) {
                remove(block.meta().id());
            }
        }
    }

    /// Writes blocks of all that is left.
    void flush(long now) throws IOException {
        while (!head.isEmpty()) {
            cutOne(now);
        }
        cutOutOfOrder(now);
    }

    private void cutOne(long now) throws IOException {
        long begin = floor(head.getFirst().timeMillis());
        long from = random.nextInt(4) == 0 ? head.getFirst().timeMillis() : begin;
        TimeRange range = new TimeRange(from, begin + WINDOW_MILLIS);
        write(now, range, takeFrom(head, range), List.of());
    }

    private void cutOutOfOrder(long now) throws IOException {
        while (!outOfOrder.isEmpty()) {
            long begin = floor(outOfOrder.getFirst().timeMillis());
            TimeRange range = new TimeRange(begin, begin + WINDOW_MILLIS);
            write(now, range, takeFrom(outOfOrder, range), List.of(BlockMeta.Compaction.FROM_OUT_OF_ORDER));
        }
    }

    private static Set<Point> takeFrom(NavigableSet<Point> points, TimeRange range) {
        Set<Point> some = new TreeSet<>();
        while (!points.isEmpty() && points.getFirst().timeMillis() < range.maxTime()) {
            some.add(points.removeFirst());
        }
        return some;
    }

    private static long floor(long time) {
        return Math.floorDiv(time, WINDOW_MILLIS) * WINDOW_MILLIS;
    }

    private BlockId id(long now) {
        return new BlockId((now << 16) | random.nextInt(1 << 16), random.nextLong());
    }

    private void write(long now, TimeRange range, Set<Point> points, List<String> hints) throws IOException {
        BlockId id = id(now);
        write(id, range, points, new BlockMeta.Compaction(1, List.of(id), false, List.of(), false, hints));
    }

    private void write(BlockId id, TimeRange range, Set<Point> points, BlockMeta.Compaction lineage)
            throws IOException {
        Head samples = new Head(new ChunkRules(WINDOW_MILLIS, habits.xor2() && random.nextBoolean(), false));
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

    private void merge(long now) throws IOException {
        List<Cut> together = overlapping();
        if (together.isEmpty()) {
            together = inARow();
        }
        if (together.size() < 2) {
            return;
        }
        Set<Point> points = new TreeSet<>();
        Set<BlockId> sources = new TreeSet<>();
        List<BlockMeta.Parent> parents = new ArrayList<>();
        int level = 0;
        long minTime = Long.MAX_VALUE;
        long maxTime = Long.MIN_VALUE;
        for (Cut one : together) {
            points.addAll(one.left());
            sources.addAll(one.meta().compaction().sources());
            parents.add(new BlockMeta.Parent(one.meta().id(), one.meta().range()));
            level = Math.max(level, one.meta().compaction().level());
            minTime = Math.min(minTime, one.meta().range().minTime());
            maxTime = Math.max(maxTime, one.meta().range().maxTime());
        }
        if (!points.isEmpty()) {
            BlockMeta.Compaction lineage =
                    new BlockMeta.Compaction(level + 1, List.copyOf(sources), false, parents, false, List.of());
            write(id(now), new TimeRange(minTime, maxTime), points, lineage);
        }
        for (BlockMeta.Parent parent : parents) {
            remove(parent.id());
        }
    }

    private List<Cut> overlapping() {
        for (Cut one : there.values()) {
            List<Cut> touching = there.values().stream()
                    .filter(other -> other.meta().range().overlaps(one.meta().range()))
                    .toList();
            if (touching.size() > 1) {
                return touching;
            }
        }
        return List.of();
    }

    private List<Cut> inARow() {
        long length = WINDOWS_MERGED * WINDOW_MILLIS;
        for (Cut one : there.values()) {
            long begin = Math.floorDiv(one.meta().range().minTime(), length) * length;
            List<Cut> inside = there.values().stream()
                    .filter(other -> begin <= other.meta().range().minTime()
                            && other.meta().range().maxTime() <= begin + length)
                    .toList();
            if (inside.size() > 1 && begin + length + WINDOW_MILLIS < lastTime) {
                return inside;
            }
        }
        return List.of();
    }

    /// Deletes samples of one series, as its admin API does.
    void deleteSome() throws IOException {
        String series = "s" + random.nextInt(SERIES);
        long from = lastTime - random.nextLong(6 * WINDOW_MILLIS);
        long until = from + random.nextLong(2 * WINDOW_MILLIS);
        Predicate<Point> gone =
                point -> point.series().equals(series) && from <= point.timeMillis() && point.timeMillis() <= until;
        head.removeIf(gone);
        outOfOrder.removeIf(gone);
        for (Cut block : there.values()) {
            List<Point> points = block.left().stream().filter(gone).toList();
            if (points.isEmpty()) {
                continue;
            }
            for (Point point : points) {
                boolean mayBeUnderWay =
                        taken.stream().anyMatch(id -> samplesOf(id).contains(point));
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

    /// The disk is restored from before the last block was cut, which is cut again after its log was replayed.
    void cutAgain(long now) throws IOException {
        List<Cut> plain = there.values().stream()
                .filter(block ->
                        block.meta().compaction().level() == 1 && !block.left().isEmpty())
                .filter(block -> block.meta().compaction().hints().isEmpty())
                .toList();
        if (plain.isEmpty()) {
            return;
        }
        Cut last = Objects.requireNonNull(plain.getLast());
        remove(last.meta().id());
        write(now, last.meta().range(), last.left(), List.of());
    }

    private void remove(BlockId id) throws IOException {
        there.remove(id);
        Path away = Files.move(dataDir.resolve(id.toString()), dataDir.resolve(id + ".tmp-for-deletion"));
        try (Stream<Path> files = Files.walk(away)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        between.run();
    }
}
