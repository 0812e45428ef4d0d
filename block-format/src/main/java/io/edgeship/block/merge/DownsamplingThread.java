package io.edgeship.block.merge;

import io.edgeship.block.downsample.SeriesDownsampler;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Downsamples while the merge reads on, in a thread of its own: that is most of the work, and a second core has
/// nothing else to do where memory is for one merge only. Series are handed over in batches, and no batch waits: one is
/// filled while one is worked on. Who has filled one before the other is done helps with that, if a core is free for
/// it. To be used by one thread.
final class DownsamplingThread implements AutoCloseable {
    /// Of chunks, from which on a batch is handed over: below, the threads wake each other too often.
    static final int BATCH_BYTES = 512 << 10;

    private final CoarserResults results;
    private final BooleanSupplier isCoreFree;
    private final SeriesDownsampler helper = new SeriesDownsampler(); // of the thread that merges
    private final Thread thread;
    private List<MergedSeries> filling = new ArrayList<>();
    private int fillingBytes;

    // Guarded by this.
    private @Nullable Batch working;
    private @Nullable Throwable failure;
    private boolean ended;
    private boolean givenUp;

    /// Is taken from its beginning by the thread, which writes, and from its end by its helper. Guarded by the outer
    /// one.
    private static final class Batch {
        final List<MergedSeries> series;
        final List<@Nullable List<List<TimedChunk>>> helped = new ArrayList<>();
        int begun; // that many from the beginning
        int end; // before those from the end

        Batch(List<MergedSeries> series) {
            this.series = series;
            end = series.size();
            for (int i = 0; i < end; i++) {
                helped.add(null);
            }
        }
    }

    /// @param isCoreFree beside the one that the thread keeps busy
    DownsamplingThread(CoarserResults results, BooleanSupplier isCoreFree) {
        this.results = results;
        this.isCoreFree = isCoreFree;
        thread = Thread.ofPlatform()
                .name(Thread.currentThread().getName() + "-downsample")
                .daemon()
                .start(this::work);
    }

    /// @throws IOException what an earlier series failed by; so may errors be
    void add(MergedSeries series) throws IOException {
        filling.add(series);
        fillingBytes += series.chunkBytes();
        if (fillingBytes >= BATCH_BYTES) {
            handOver();
        }
    }

    /// Waits until all is written.
    void finish() throws IOException {
        handOver();
        help();
    }

    /// Ends the thread, after the series that it is at. Nobody else writes to the results from then on.
    @Override
    public void close() {
        synchronized (this) {
            givenUp = true;
            ended = true;
            notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void handOver() throws IOException {
        help();
        synchronized (this) {
            working = new Batch(filling);
            notifyAll();
        }
        filling = new ArrayList<>();
        fillingBytes = 0;
    }

    /// Until the batch that is worked on is written.
    private void help() throws IOException {
        boolean helps = isCoreFree.getAsBoolean();
        for (Batch batch = await(helps); batch != null; batch = await(helps)) {
            int at = claimLast(batch);
            if (at >= 0) {
                helped(batch, at, results.downsampled(batch.series.get(at), helper));
            }
        }
    }

    private synchronized int claimLast(Batch batch) {
        return batch.begun < batch.end ? --batch.end : -1;
    }

    private synchronized void helped(Batch batch, int at, List<List<TimedChunk>> downsampled) {
        batch.helped.set(at, downsampled);
        notifyAll();
    }

    /// Null once no batch is worked on.
    ///
    /// @param helps whether to wake up, too, while it has series that nobody has begun
    private synchronized @Nullable Batch await(boolean helps) throws IOException {
        try {
            while (failure == null && working != null && !(helps && working.begun < working.end)) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while downsampling").initCause(e);
        }
        switch (failure) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
        return working;
    }

    private void work() {
        SeriesDownsampler downsampler = new SeriesDownsampler();
        try {
            for (Batch batch = take(); batch != null; batch = take()) {
                for (int i = 0; i < batch.series.size(); i++) {
                    boolean isMine = claimFirst(batch, i);
                    MergedSeries series = batch.series.get(i);
                    List<List<TimedChunk>> chunks =
                            isMine ? results.downsampled(series, downsampler) : awaitHelp(batch, i);
                    if (isGivenUp() || chunks == null) {
                        return;
                    }
                    results.write(series, chunks);
                }
                done(null);
            }
        } catch (Throwable e) { // an error, too, is the merge's to deal with
            done(e);
        }
    }

    private synchronized @Nullable Batch take() throws InterruptedException {
        while (working == null && !ended) {
            wait();
        }
        return working;
    }

    private synchronized boolean claimFirst(Batch batch, int at) {
        if (at < batch.end) {
            batch.begun = at + 1;
            return true;
        }
        return false;
    }

    /// Null if it will not come.
    private synchronized @Nullable List<List<TimedChunk>> awaitHelp(Batch batch, int at) throws InterruptedException {
        while (batch.helped.get(at) == null && !givenUp) {
            wait();
        }
        return batch.helped.set(at, null);
    }

    private synchronized boolean isGivenUp() {
        return givenUp;
    }

    private synchronized void done(@Nullable Throwable failed) {
        working = null;
        failure = failed;
        notifyAll();
    }
}
