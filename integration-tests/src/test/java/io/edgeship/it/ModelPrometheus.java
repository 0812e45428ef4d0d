package io.edgeship.it;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.it.ModelBlocks.Cut;
import io.edgeship.it.ModelBlocks.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What Prometheus does to its data directory: windows that are cut late, blocks of samples out of order, merges that
/// appear before their parents go, retention, tombstones, windows that are cut again after a disk was restored, and
/// what a clock does to all of it that steps by years.
final class ModelPrometheus {
    static final long WINDOW_MILLIS = Duration.ofHours(2).toMillis();

    private static final long SCRAPE_MILLIS = Duration.ofMinutes(10).toMillis();
    private static final long OUT_OF_ORDER_MILLIS = Duration.ofHours(7).toMillis();
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
    private static final int SERIES = 3;
    private static final int WINDOWS_MERGED = 3;

    private final Random random;
    private final Habits habits;
    private final ModelBlocks blocks;
    private final TreeSet<Point> head = new TreeSet<>();
    private final TreeSet<Point> outOfOrder = new TreeSet<>();
    private long lastScrape;
    private long lastTime;

    /// How it is configured.
    ///
    /// @param merges         whether it merges windows that overlap, and three in a row
    /// @param xor2           whether it writes chunks that a stock Thanos cannot read
    /// @param retentionHours of blocks that are older than its newest sample by more
    record Habits(boolean outOfOrder, boolean merges, boolean xor2, int retentionHours) {}

    ModelPrometheus(Path dataDir, Random random, Habits habits, ModelBlocks.Between between) throws IOException {
        this.random = random;
        this.habits = habits;
        blocks = new ModelBlocks(dataDir, random, habits.xor2(), between);
    }

    ModelBlocks blocks() {
        return blocks;
    }

    /// Scrapes until `now`, by this machine's clock, which may have been set back. What a clock leaps over, nobody
    /// scraped.
    void scrapeUntil(long now) {
        if (lastScrape == 0 || now < lastScrape - OUT_OF_ORDER_MILLIS || now > lastScrape + DAY_MILLIS) {
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
        boolean doubled = Stream.of(head, outOfOrder)
                        .flatMap(Collection::stream)
                        .anyMatch(
                                one -> one.timeMillis() == time && one.series().equals(series))
                || blocks.isKnown(time, series);
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
            List<Cut> together = overlapping();
            together = together.isEmpty() ? inARow() : together;
            if (!together.isEmpty()) {
                blocks.merge(now, together);
            }
        }
        long kept = lastTime - Duration.ofHours(habits.retentionHours()).toMillis();
        blocks.remove(blocks.all().stream()
                .filter(block -> block.range().maxTime() < kept)
                .toList());
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
        blocks.write(now, range, takeFrom(head, range), List.of());
    }

    private void cutOutOfOrder(long now) throws IOException {
        while (!outOfOrder.isEmpty()) {
            long begin = floor(outOfOrder.getFirst().timeMillis());
            TimeRange range = new TimeRange(begin, begin + WINDOW_MILLIS);
            blocks.write(now, range, takeFrom(outOfOrder, range), List.of(BlockMeta.Compaction.FROM_OUT_OF_ORDER));
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

    private List<Cut> overlapping() {
        for (Cut one : blocks.all()) {
            List<Cut> touching = blocks.all().stream()
                    .filter(other -> other.range().overlaps(one.range()))
                    .toList();
            if (touching.size() > 1) {
                return touching;
            }
        }
        return List.of();
    }

    private List<Cut> inARow() {
        long length = WINDOWS_MERGED * WINDOW_MILLIS;
        for (Cut one : blocks.all()) {
            long begin = Math.floorDiv(one.range().minTime(), length) * length;
            List<Cut> inside = blocks.all().stream()
                    .filter(other ->
                            begin <= other.range().minTime() && other.range().maxTime() <= begin + length)
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
        blocks.delete(series, from, until, gone);
    }

    /// The disk is restored from before the last block was cut, which is cut again after its log was replayed.
    void cutAgain(long now) throws IOException {
        List<Cut> plain = blocks.all().stream()
                .filter(block ->
                        block.meta().compaction().level() == 1 && !block.left().isEmpty())
                .filter(block -> block.meta().compaction().hints().isEmpty())
                .toList();
        if (plain.isEmpty()) {
            return;
        }
        Cut last = plain.getLast();
        blocks.remove(List.of(last));
        blocks.write(now, last.range(), last.left(), List.of());
    }

    /// Beside samples of the future it takes none of the present, until a person deletes them.
    void forgetFuture(long now) throws IOException {
        long future = now + DAY_MILLIS;
        if (lastTime < future) {
            return;
        }
        Predicate<Point> ahead = point -> point.timeMillis() >= future;
        head.removeIf(ahead);
        outOfOrder.removeIf(ahead);
        blocks.remove(blocks.all().stream()
                .filter(block -> block.range().maxTime() >= future)
                .toList());
        lastTime = Math.max(
                head.isEmpty() ? 0 : head.getLast().timeMillis(),
                blocks.all().stream()
                        .mapToLong(block -> block.range().maxTime() - 1)
                        .max()
                        .orElse(0));
    }

    /// While the agent links a block, retention takes it.
    void vanish(BlockId id) throws IOException {
        blocks.vanish(id);
    }
}
