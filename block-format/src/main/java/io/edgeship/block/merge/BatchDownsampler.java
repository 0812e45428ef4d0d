package io.edgeship.block.merge;

import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Downsamples series batch by batch. Where that is wanted, and as long as fewer merges downsample in this process than
/// it has cores, half of a batch is done by a second thread; of numbers only, for the samples of a histogram series
/// take tens of times the memory. To be used by one thread.
final class BatchDownsampler implements AutoCloseable {
    private static final AtomicInteger AT_WORK = new AtomicInteger(); // of this process

    private final CoarserResults results;
    private final Coarsener mine;
    private final boolean mayBeTwo;
    private final BooleanSupplier isGivenUp;
    private @Nullable ExecutorService second; // from when it was needed first
    private @Nullable Coarsener theirs;

    /// @param mayBeTwo  whether a second thread may help
    /// @param isGivenUp whether the rest of the batch is not wanted any more
    BatchDownsampler(CoarserResults results, boolean mayBeTwo, BooleanSupplier isGivenUp) {
        this.results = results;
        this.mayBeTwo = mayBeTwo;
        this.isGivenUp = isGivenUp;
        mine = results.newCoarsener();
        AT_WORK.incrementAndGet();
    }

    /// The chunks of each result, of each series; none of those that were given up.
    ///
    /// @throws MergeSourceException naming the source that is at fault
    List<List<List<TimedChunk>>> of(List<MergedSeries> batch) throws IOException, InterruptedException {
        List<List<List<TimedChunk>>> made = new ArrayList<>(batch.size());
        batch.forEach(_ -> made.add(List.of()));
        boolean isCoreIdle = AT_WORK.get() < Runtime.getRuntime().availableProcessors();
        BitSet handedOver = mayBeTwo && isCoreIdle ? half(batch) : new BitSet();
        BitSet kept = new BitSet();
        kept.set(0, batch.size());
        kept.andNot(handedOver);
        Future<?> others = handedOver.isEmpty() ? null : begin(batch, handedOver, made);
        try {
            make(mine, batch, kept, made);
        } finally {
            if (others != null) {
                await(others);
            }
        }
        return made;
    }

    /// Series of numbers, the last first, until they are half of the batch.
    static BitSet half(List<MergedSeries> batch) {
        long all = 0;
        for (MergedSeries series : batch) {
            all += series.memoryBytes();
        }
        BitSet half = new BitSet();
        long taken = 0;
        for (int i = batch.size() - 1; i > 0 && taken < all / 2; i--) {
            if (batch.get(i).isOfFloats()) {
                half.set(i);
                taken += batch.get(i).memoryBytes();
            }
        }
        return half;
    }

    private Future<?> begin(List<MergedSeries> batch, BitSet which, List<List<List<TimedChunk>>> made) {
        if (second == null || theirs == null) {
            second = Executors.newSingleThreadExecutor(Thread.ofPlatform()
                    .name(Thread.currentThread().getName() + "-2")
                    .daemon()
                    .factory());
            theirs = results.newCoarsener();
        }
        Coarsener coarsener = theirs;
        return second.submit(() -> {
            make(coarsener, batch, which, made);
            return null;
        });
    }

    private void make(Coarsener coarsener, List<MergedSeries> batch, BitSet which, List<List<List<TimedChunk>>> made)
            throws MergeSourceException {
        for (int i = which.nextSetBit(0); i >= 0 && !isGivenUp.getAsBoolean(); i = which.nextSetBit(i + 1)) {
            made.set(i, coarsener.of(batch.get(i)));
        }
    }

    private static void await(Future<?> others) throws IOException, InterruptedException {
        try {
            others.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException bug -> throw bug;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        AT_WORK.decrementAndGet();
        if (second != null) {
            second.shutdown();
        }
    }
}
