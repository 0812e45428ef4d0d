package io.edgeship.block.rewrite;

import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.downsample.SeriesDownsampler;
import io.edgeship.block.merge.OneToOneMerger;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the chunks of one series of the new block after the other: those of its parts merged, rounded, downsampled, as
/// ordered. Counts; not thread-safe.
final class SeriesRewriter {
    private final OneToOneMerger merger = new OneToOneMerger();
    private final @Nullable ValueRounder rounder;
    private final @Nullable Resolution resolution;
    private long mergedSeries;
    private long floats;
    private long histograms;

    SeriesRewriter(RewriteOrder order) {
        rounder = order.significantDigits().isPresent()
                ? new ValueRounder(order.significantDigits().getAsInt())
                : null;
        resolution = order.resolution().orElse(null);
    }

    /// The chunks that stay, in the order of time; maybe none.
    List<TimedChunk> chunks(SeriesWalk.Group group) throws IOException {
        List<List<TimedChunk>> bySource = new ArrayList<>();
        Source before = null;
        for (SeriesWalk.Part part : group.parts()) {
            List<TimedChunk> chunks = part.source().chunks(part.series());
            if (!chunks.isEmpty()) {
                bySource.add(chunks);
                mergedSeries += part.source().equals(before) ? 1 : 0;
                before = part.source();
            }
        }
        try {
            return finish(merger.merge(bySource));
        } catch (CorruptChunkException e) {
            SeriesWalk.Part first = group.parts().getFirst();
            throw first.source().corrupt(first.series(), e);
        }
    }

    private List<TimedChunk> finish(List<TimedChunk> merged) throws CorruptChunkException {
        List<TimedChunk> raw = new ArrayList<>();
        for (TimedChunk timed : merged) {
            int samples = Math.max(0, timed.chunk().sampleCount());
            floats += timed.chunk().encoding().holdsFloats() ? samples : 0;
            histograms += timed.chunk().encoding().holdsFloats() ? 0 : samples;
            raw.add(rounder == null ? timed : rounder.round(timed));
        }
        return resolution == null ? raw : SeriesDownsampler.raw(raw, resolution);
    }

    /// Single numbers before they were downsampled.
    long floats() {
        return floats;
    }

    /// All others before they were downsampled.
    long histograms() {
        return histograms;
    }

    void countInto(Tally tally) {
        tally.add(RewriteCount.DUPLICATE_SAMPLES, merger.duplicates());
        tally.add(RewriteCount.CONFLICTING_SAMPLES, merger.conflicts());
        tally.add(RewriteCount.MERGED_SERIES, mergedSeries);
        if (rounder != null) {
            tally.add(RewriteCount.ROUNDED_SAMPLES, rounder.rounded());
            tally.add(RewriteCount.UNROUNDED_HISTOGRAMS, rounder.histograms());
        }
    }
}
