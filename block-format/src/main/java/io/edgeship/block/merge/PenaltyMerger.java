package io.edgeship.block.merge;

import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.head.ChunkRules;
import io.edgeship.block.head.SeriesAppender;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.sample.SampleIterator;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes one series of those of several replicas that watched the same thing: as Thanos' deduplication by penalty
/// does when it compacts. Chunks that no other overlaps are copied. Those that overlap are taken in the order of
/// their first and last times, and one after the other is laid over what there is so far, by these rules:
///
/// - The sample that comes next in time is taken, from the side that has it; of two at one time, that of what
///   there is so far.
/// - The other side then has to pass over all samples up to twice the distance from the sample taken before; 5 s
///   for the first. So a side is kept to until it has a gap, and no samples of both are mixed in.
/// - Where one side has ended, the other is taken, once past its penalty.
///
/// Two replicas' counters are not adjusted to each other: where the side changes a counter may go down.
///
/// What differs from Thanos:
///
/// - Floats and histograms that lie over one another are weighed alike. Thanos loses those of another kind than
///   the first chunk's.
/// - Among chunks of the same times the block named first comes first. In Thanos that depends on the heap.
/// - Aggregates are decided window by window, all five at once ([AggregateMerger]). Thanos decides each aggregate
///   for itself, and does not compact blocks of them any more.
///
/// Counts; not thread-safe.
public final class PenaltyMerger implements ChunkMerger {
    private final Overlaps overlaps = new Overlaps();
    private final @Nullable AggregateMerger aggregates;
    private long leftOut;

    /// Of raw samples. Aggregates that lie over one another are an error.
    public PenaltyMerger() {
        aggregates = null;
    }

    /// Of aggregates.
    public PenaltyMerger(Resolution resolution) {
        aggregates = new AggregateMerger(resolution);
    }

    /// Samples, or windows of aggregates, that were left out because another block had some of that time.
    public long duplicates() {
        return leftOut + overlaps.copiedSamples() + (aggregates == null ? 0 : aggregates.duplicates());
    }

    @Override
    public List<TimedChunk> merge(List<List<TimedChunk>> bySource) throws CorruptChunkException {
        return aggregates == null ? overlaps.merge(bySource, this::encodeAnew) : aggregates.merge(bySource);
    }

    private List<TimedChunk> encodeAnew(List<Sourced> run) throws CorruptChunkException {
        SeriesAppender encoder = new SeriesAppender(ChunkRules.DEFAULT);
        PenaltyFold fold = new PenaltyFold(encoder::append);
        for (Sourced one : run) {
            List<Sample> samples = new ArrayList<>();
            SampleIterator it = OneToOneMerger.samplesOf(one);
            for (Sample sample = it.next(); sample != null; sample = it.next()) {
                if (!samples.isEmpty()) {
                    OneToOneMerger.requireLater(
                            sample.timeMillis(), samples.getLast().timeMillis());
                }
                samples.add(sample);
            }
            if (!samples.isEmpty()) {
                leftOut += fold.lay(samples);
            }
        }
        fold.finish();
        return encoder.finish();
    }
}
