package io.edgeship.compact.merge;

import io.edgeship.block.merge.MergeOutput;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.tsdb.index.SymbolTable;
import io.edgeship.block.write.BlockStream;
import io.edgeship.bucket.Bucket;
import io.edgeship.fleet.BucketBlock;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One result of a plan, from the look at its place to its commit. Not thread-safe.
final class Output implements Closeable {
    private final Bucket bucket;
    private final NewBlocks blocks;
    private final long resolutionMillis;
    private final OutputPlace place;
    private final OutputBlock block;
    private final @Nullable BucketBlock committedBefore;
    private @Nullable BlockStream stream;
    private @Nullable BlockMeta meta; // once all is written

    private Output(
            Bucket bucket,
            NewBlocks blocks,
            long resolutionMillis,
            OutputPlace place,
            OutputBlock block,
            @Nullable BucketBlock committedBefore) {
        this.bucket = bucket;
        this.blocks = blocks;
        this.resolutionMillis = resolutionMillis;
        this.place = place;
        this.block = block;
        this.committedBefore = committedBefore;
    }

    /// @throws InTheWayException if its place is taken by something else
    static Output at(Bucket bucket, NewBlocks blocks, long resolutionMillis, Sender sender, Traffic traffic)
            throws IOException {
        OutputPlace place = OutputPlace.look(bucket, blocks.id(resolutionMillis));
        Optional<BucketBlock> before = place.committed(blocks.expected(resolutionMillis));
        if (before.isEmpty()) {
            place.dropUnfinished();
        }
        OutputBlock block = new OutputBlock(bucket, blocks.id(resolutionMillis), sender, traffic);
        return new Output(bucket, blocks, resolutionMillis, place, block, before.orElse(null));
    }

    /// Whether a run before has committed it, so that nothing is left to do.
    boolean isThere() {
        return committedBefore != null;
    }

    MergeOutput begin(SymbolTable symbols) throws IOException {
        BlockStream begun = BlockStream.begin(block, IndexDialect.SINCE_3_7, symbols);
        stream = begun;
        return new MergeOutput(resolutionMillis, begun);
    }

    /// Ends its files. A block without series is none, and nothing is left of it.
    void finish() throws IOException {
        BlockStream written = stream;
        if (written == null || written.stats().numSeries() == 0) {
            return;
        }
        List<BlockFile> files = written.finish();
        meta = blocks.meta(
                resolutionMillis,
                written.stats(),
                written.indexStats(),
                files,
                bucket.clock().bestTime());
    }

    /// Compares what was finished with what lies in the bucket.
    void verify(SourceFiles.Reading reading) throws IOException {
        BlockMeta written = meta;
        if (written != null) {
            block.verify(written, reading);
            place.removeOthers(block.paths());
        }
    }

    /// Makes it visible.
    ///
    /// @return empty where there is no series, and so no block
    Optional<BucketBlock> commit(StillOurs stillOurs) throws IOException {
        if (committedBefore != null) {
            return Optional.of(committedBefore);
        }
        return meta == null ? Optional.empty() : Optional.of(block.commit(meta, stillOurs));
    }

    /// Gives up what was not finished.
    @Override
    public void close() throws IOException {
        try (block) {
            if (stream != null) {
                stream.close();
            }
        }
    }
}
