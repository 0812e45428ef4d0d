package io.edgeship.block.rewrite;

import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.downsample.SeriesDownsampler;
import io.edgeship.block.merge.OneToOneMerger;
import io.edgeship.block.sample.SampleIterator;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.Chunk;
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
            throw blamed(group, e);
        }
    }

    /// Names the source whose chunks cannot be taken apart by themselves: its block is at fault, and none of the
    /// others.
    private static IOException blamed(SeriesWalk.Group group, CorruptChunkException e) throws IOException {
        for (SeriesWalk.Part part : group.parts()) {
            try {
                for (TimedChunk timed : part.source().chunks(part.series())) {
                    requireSamples(timed);
                }
            } catch (CorruptChunkException own) {
                return part.source().corrupt(part.series(), own);
            }
        }
        return new IOException("%s cannot be merged: %s".formatted(group.labels(), e.getMessage()), e);
    }

    private static void requireSamples(TimedChunk timed) throws CorruptChunkException {
        Chunk chunk = timed.chunk();
        if (!chunk.holdsSamples()) {
            throw new CorruptChunkException(
                    "a chunk of encoding %d cannot be taken apart".formatted(chunk.encodingCode()));
        }
        SampleIterator samples = new SampleIterator(List.of(timed));
        while (samples.next() != null) {
            // Read to its end: what is wrong may come last.
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
