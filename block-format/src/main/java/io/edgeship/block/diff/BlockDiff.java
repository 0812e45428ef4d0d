package io.edgeship.block.diff;

import io.edgeship.block.LabelSet;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compares the samples of two blocks. How they are cut into chunks, how these are encoded, and buckets that are empty
/// make no difference; a bit of a value does. Tombstones are not applied. In memory is one series of each block. Not
/// thread-safe.
public final class BlockDiff {
    /// Differences that are kept; the others are counted.
    public static final int DIFFERENCES_KEPT = 10;

    private final boolean ignoreStarts;
    private final Watcher watcher;
    private final List<Difference> differences = new ArrayList<>();
    private long count;
    private long series;
    private long samples;

    /// Is told after each series.
    @FunctionalInterface
    public interface Watcher {
        void series(long done);
    }

    /// @param differences the first ones
    /// @param count       of all differences
    /// @param series      that either block has
    /// @param samples     that either block has
    public record Result(List<Difference> differences, long count, long series, long samples) {
        public Result {
            differences = List.copyOf(differences);
        }
    }

    private BlockDiff(boolean ignoreStarts, Watcher watcher) {
        this.ignoreStarts = ignoreStarts;
        this.watcher = watcher;
    }

    /// @param ignoreStarts whether samples that differ only in when counting began are the same
    public static Result compare(Path first, Path second, boolean ignoreStarts, Watcher watcher) throws IOException {
        BlockDiff diff = new BlockDiff(ignoreStarts, watcher);
        try (BlockReader a = BlockReader.open(BlockFiles.of(first));
                BlockReader b = BlockReader.open(BlockFiles.of(second))) {
            diff.run(a.cursor(), b.cursor());
        }
        return new Result(diff.differences, diff.count, diff.series, diff.samples);
    }

    private void run(BlockReader.Cursor first, BlockReader.Cursor second) throws IOException {
        BlockReader.Series a = first.next();
        BlockReader.Series b = second.next();
        while (a != null || b != null) {
            int order = order(a, b);
            if (a != null && b != null && order == 0) {
                compare(a, b);
            } else if (a != null && order < 0) {
                lonely(a, true);
            } else if (b != null) {
                lonely(b, false);
            }
            series++;
            watcher.series(series);
            a = order <= 0 ? first.next() : a;
            b = order >= 0 ? second.next() : b;
        }
    }

    /// The end comes after everything.
    private static int order(BlockReader.@Nullable Series a, BlockReader.@Nullable Series b) {
        if (a == null || b == null) {
            return a == null ? 1 : -1;
        }
        return a.labels().compareTo(b.labels());
    }

    private void lonely(BlockReader.Series one, boolean isFirst) {
        long time = one.chunks().isEmpty() ? 0 : one.chunks().getFirst().minTime();
        String text = "a series of %d chunks".formatted(one.chunks().size());
        note(one.labels(), time, isFirst ? text : null, isFirst ? null : text);
    }

    private void compare(BlockReader.Series a, BlockReader.Series b) throws IOException {
        Contents first = new Contents(a.readChunks());
        Contents second = new Contents(b.readChunks());
        Content left = first.next();
        Content right = second.next();
        while (left != null || right != null) {
            long time = Math.min(time(left), time(right));
            Content leftNow = time(left) == time ? left : null;
            Content rightNow = time(right) == time ? right : null;
            if (leftNow == null || rightNow == null || !leftNow.isSameAs(rightNow, ignoreStarts)) {
                note(a.labels(), time, text(leftNow), text(rightNow));
            }
            samples++;
            left = leftNow == null ? left : first.next();
            right = rightNow == null ? right : second.next();
        }
    }

    private static long time(@Nullable Content content) {
        return content == null ? Long.MAX_VALUE : content.timeMillis();
    }

    private static @Nullable String text(@Nullable Content content) {
        return content == null ? null : content.text();
    }

    private void note(LabelSet labels, long time, @Nullable String first, @Nullable String second) {
        count++;
        if (differences.size() < DIFFERENCES_KEPT) {
            differences.add(new Difference(labels, time, first, second));
        }
    }
}
