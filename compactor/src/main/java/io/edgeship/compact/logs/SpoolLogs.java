package io.edgeship.compact.logs;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What has come of one spool.
///
/// @param ranges           of segments, in order, with a hole between each two; at most [#RANGES_MAX]
/// @param newestLineMillis of all chunks; by the site's clock
/// @param lastMillis       when the last segment was taken in, by the store's clock
record SpoolLogs(
        String site,
        String incarnation,
        List<SequenceRange> ranges,
        long newestLineMillis,
        long chunks,
        long lines,
        long bytes,
        long lastMillis) {
    /// More holes than that close up from the oldest on.
    static final int RANGES_MAX = 100;

    SpoolLogs {
        ranges = List.copyOf(ranges);
    }

    static SpoolLogs none(String site, String incarnation) {
        return new SpoolLogs(site, incarnation, List.of(), 0, 0, 0, 0, 0);
    }

    /// With a segment; the same once more changes nothing.
    SpoolLogs with(SequenceRange segment, SegmentTotals totals, long nowMillis) {
        if (ranges.stream().anyMatch(range -> range.contains(segment.first()))) {
            return this;
        }
        List<SequenceRange> sorted = new ArrayList<>(ranges);
        sorted.add(segment);
        sorted.sort(Comparator.comparingLong(SequenceRange::first));
        List<SequenceRange> merged = new ArrayList<>();
        for (SequenceRange range : sorted) {
            if (!merged.isEmpty() && merged.getLast().touches(range)) {
                merged.set(merged.size() - 1, merged.getLast().with(range));
            } else {
                merged.add(range);
            }
        }
        while (merged.size() > RANGES_MAX) {
            merged.set(0, merged.getFirst().with(merged.remove(1)));
        }
        return new SpoolLogs(
                site,
                incarnation,
                merged,
                Math.max(newestLineMillis, totals.newestMillis()),
                chunks + totals.chunks(),
                lines + totals.lines(),
                bytes + totals.bytes(),
                nowMillis);
    }

    /// Up to here all is there; zero while the first segment has not come.
    long untilMillis() {
        return ranges.isEmpty() || ranges.getFirst().first() > 1
                ? 0
                : ranges.getFirst().untilMillis();
    }

    /// Segments before the newest that have not come.
    long missing() {
        long missing = 0;
        long next = 1;
        for (SequenceRange range : ranges) {
            missing += range.first() - next; // adds up to less than the last number
            next = range.last() + 1;
        }
        return missing;
    }

    JsonObject toJson() {
        List<JsonObject> come = ranges.stream()
                .map(range -> JsonObject.empty()
                        .with("first", range.first())
                        .with("last", range.last())
                        .with("until", range.untilMillis()))
                .toList();
        return JsonObject.empty()
                .with("site", site)
                .with("incarnation", incarnation)
                .with("segments", come)
                .with("newest_line", newestLineMillis)
                .with("chunks", chunks)
                .with("lines", lines)
                .with("bytes", bytes)
                .with("last", lastMillis);
    }

    static SpoolLogs parse(JsonObject json) throws CorruptFormatException {
        List<SequenceRange> ranges = new ArrayList<>();
        for (JsonObject range : json.objects("segments")) {
            try {
                ranges.add(new SequenceRange(
                        range.requiredInteger("first"), range.requiredInteger("last"), range.requiredInteger("until")));
            } catch (IllegalArgumentException e) {
                throw json.corrupt("segments", String.valueOf(e.getMessage()));
            }
        }
        return new SpoolLogs(
                json.requiredText("site"),
                json.requiredText("incarnation"),
                ranges,
                json.integer("newest_line", 0),
                json.integer("chunks", 0),
                json.integer("lines", 0),
                json.integer("bytes", 0),
                json.integer("last", 0));
    }
}
