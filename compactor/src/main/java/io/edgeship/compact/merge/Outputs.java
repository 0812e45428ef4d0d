package io.edgeship.compact.merge;

import io.edgeship.block.merge.MergeOutput;
import io.edgeship.block.tsdb.index.SymbolTable;
import io.edgeship.bucket.Bucket;
import io.edgeship.fleet.BucketBlock;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The results of one plan, finest resolution first. Not thread-safe.
final class Outputs implements Closeable {
    private final List<Output> all = new ArrayList<>();

    /// @throws InTheWayException if one of the places is taken
    static Outputs at(Bucket bucket, NewBlocks blocks, List<Long> resolutions, Sender sender, Traffic traffic)
            throws IOException {
        Outputs outputs = new Outputs();
        for (long resolution : resolutions) {
            outputs.all.add(Output.at(bucket, blocks, resolution, sender, traffic));
        }
        return outputs;
    }

    boolean areThere() {
        return all.stream().allMatch(Output::isThere);
    }

    /// Begins those that are not there.
    List<MergeOutput> begin(SymbolTable symbols) throws IOException {
        List<MergeOutput> begun = new ArrayList<>();
        for (Output output : all) {
            if (!output.isThere()) {
                begun.add(output.begin(symbols));
            }
        }
        return begun;
    }

    void finish() throws IOException {
        for (Output output : all) {
            output.finish();
        }
    }

    /// Checks all of them, then makes them visible, the coarsest first: whoever was killed in between finds the
    /// sources as they were, plans the same again, and has the finest left to do.
    ///
    /// @param count is told after each check
    /// @return those that there are, finest first
    List<BucketBlock> commit(SourceFiles.Reading reading, StillOurs stillOurs, SeriesCount count) throws IOException {
        for (Output output : all) {
            output.verify(reading);
            count.goesOn();
        }
        List<BucketBlock> committed = new ArrayList<>();
        for (Output output : all.reversed()) {
            output.commit(stillOurs).ifPresent(committed::addFirst);
        }
        return committed;
    }

    @Override
    public void close() throws IOException {
        for (Output output : all) {
            output.close();
        }
    }
}
