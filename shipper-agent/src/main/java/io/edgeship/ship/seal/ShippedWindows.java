package io.edgeship.ship.seal;

import io.edgeship.block.TimeRange;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// The windows of which the bucket holds a block: those of the records in the spool, and, once a record is forgotten
/// because its source is gone, still its stretch of time. Else a window that is cut again after a disk was restored
/// would be shipped over the first. Used under the spool's monitor.
public final class ShippedWindows {
    private static final Log LOG = Log.of(ShippedWindows.class);
    private static final String KEPT = "shipped-windows";

    /// Blocks begin with their first sample, so that there is a little room between any two. It counts as shipped,
    /// which keeps the list short.
    private static final long ROOM_MILLIS = 15 * 60 * 1000;

    private final Spool spool;

    public ShippedWindows(Spool spool) {
        this.spool = spool;
    }

    public List<ShippedWindow> all() throws IOException {
        List<ShippedWindow> all = new ArrayList<>();
        for (ShippedRecord record : spool.shippedRecords()) {
            all.add(new ShippedWindow(record.range(), Set.copyOf(record.sources())));
        }
        for (TimeRange range : kept()) {
            all.add(new ShippedWindow(range, Set.of()));
        }
        return all;
    }

    /// Keeps the time of a record that is about to be forgotten.
    public void keep(ShippedRecord record) throws IOException {
        keep(record.range());
    }

    /// Keeps a stretch of time of which the bucket may hold a block.
    public void keep(TimeRange time) throws IOException {
        if (Stretches.isEmpty(time)) {
            return;
        }
        List<TimeRange> ranges = new ArrayList<>(kept());
        ranges.add(time);
        StringBuilder lines = new StringBuilder();
        for (TimeRange range : joined(ranges)) {
            lines.append(range.minTime()).append(' ').append(range.maxTime()).append('\n');
        }
        spool.keep(KEPT, lines.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static List<TimeRange> joined(List<TimeRange> ranges) {
        List<TimeRange> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparingLong(TimeRange::minTime));
        List<TimeRange> joined = new ArrayList<>();
        for (TimeRange range : sorted) {
            TimeRange last = joined.isEmpty() ? null : joined.getLast();
            if (last != null && range.minTime() - last.maxTime() <= ROOM_MILLIS) {
                joined.removeLast();
                joined.add(new TimeRange(last.minTime(), Math.max(last.maxTime(), range.maxTime())));
            } else {
                joined.add(range);
            }
        }
        return joined;
    }

    private List<TimeRange> kept() throws IOException {
        byte[] kept = spool.kept(KEPT).orElse(new byte[0]);
        List<TimeRange> ranges = new ArrayList<>();
        for (String line : new String(kept, StandardCharsets.US_ASCII).lines().toList()) {
            String[] words = line.split(" ", -1);
            try {
                ranges.add(new TimeRange(Long.parseLong(words[0]), Long.parseLong(words[1])));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                LOG.warn("line left out", e, "file", spool.dir().resolve(KEPT), "line", line);
            }
        }
        return ranges;
    }
}
