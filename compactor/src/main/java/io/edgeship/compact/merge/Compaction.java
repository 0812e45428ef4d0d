package io.edgeship.compact.merge;

import io.edgeship.block.BlockId;
import io.edgeship.block.merge.BlockMerge;
import io.edgeship.block.merge.MergeSource;
import io.edgeship.block.merge.MergeSourceException;
import io.edgeship.bucket.Bucket;
import io.edgeship.compact.plan.CompactionPlan;
import io.edgeship.compact.plan.MergeMemory;
import io.edgeship.fleet.BucketBlock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Carries plans out: reads the sources once, writes the new blocks, checks them, and makes them visible. Marks
/// nothing. Thread-safe: each run has its own memory.
///
/// Whatever ends a run leaves the sources as they were and no half block visible, and the same plan gives the same
/// blocks, so that the next run goes on where this one was. [PoisonedBlockException] and [InTheWayException] will
/// come again; any other exception is the world's, and a later run may succeed.
public final class Compaction {
    private final Bucket bucket;
    private final MergeRules rules;

    public Compaction(Bucket bucket, MergeRules rules) {
        this.bucket = bucket;
        this.rules = rules;
    }

    /// @param stillOurs is asked before each block becomes visible
    /// @param listener  is told now and then, in this thread
    /// @throws PoisonedBlockException                 if a source is damaged
    /// @throws StalePlanException                     if the bucket is no longer what the plan was made of
    /// @throws InTheWayException                      if something else lies where a result is to be
    /// @throws UnverifiedException                    if a result does not pass its check
    /// @throws LostStreamException                    if the stream is another compactor's by now
    /// @throws io.edgeship.bucket.BucketException if the store cannot be read or written now
    public Compacted run(CompactionPlan plan, StillOurs stillOurs, Progress.Listener listener) throws IOException {
        Traffic traffic = new Traffic();
        SeriesCount count = new SeriesCount(plan.sources(), traffic, listener);
        try (ReadAhead readAhead = new ReadAhead(MergeMemory.AHEAD_MAX);
                Sender sender = new Sender(MergeMemory.partBytes(bucket.isLocal()));
                Sources sources = Sources.open(bucket, plan.sources(), readAhead, traffic, count::goesOn)) {
            NewBlocks blocks = new NewBlocks(plan, sources.list(), rules);
            try (Outputs outputs = Outputs.at(bucket, blocks, plan.resolutions(), sender, traffic)) {
                if (!outputs.areThere()) {
                    merge(plan, sources, outputs, count);
                }
                sources.release(); // what they take is not needed while results are checked
                readAhead.release();
                List<BucketBlock> written = commit(outputs, stillOurs, count, traffic);
                return new Compacted(written, outdated(plan, written), count.progress());
            }
        }
    }

    private static List<BucketBlock> commit(Outputs outputs, StillOurs stillOurs, SeriesCount count, Traffic traffic)
            throws IOException {
        try (ReadAhead readAhead = new ReadAhead(MergeMemory.AHEAD_MAX)) {
            long share = MergeMemory.sourceBytes(1);
            return outputs.commit(new SourceFiles.Reading(readAhead, traffic, share, 1), stillOurs, count);
        }
    }

    private void merge(CompactionPlan plan, Sources sources, Outputs outputs, SeriesCount count) throws IOException {
        List<MergeSource> merged = new ArrayList<>();
        for (Sources.Open source : sources.list()) {
            merged.add(
                    new MergeSource(source.meta().id(), source.meta().range(), source.reader(), source.tombstones()));
        }
        try {
            long resolution = plan.stream().resolutionMillis();
            boolean hasIdleCores = bucket.isLocal(); // what speaks to another machine takes one
            BlockMerge.merge(merged, resolution, rules.merger(resolution), hasIdleCores, outputs::begin, count::series);
        } catch (MergeSourceException e) {
            throw sources.fate(e.source(), e);
        }
        outputs.finish();
    }

    /// Blocks whose data others hold now. Where the finest result holds nothing, only those that never held any.
    private static List<BlockId> outdated(CompactionPlan plan, List<BucketBlock> written) {
        long finest = plan.resolutions().getFirst();
        boolean isCovered = written.stream().anyMatch(block -> block.resolutionMillis() == finest);
        return plan.outdated().stream()
                .filter(block -> isCovered || block.meta().stats().numSamples() == 0)
                .map(block -> block.meta().id())
                .toList();
    }
}
