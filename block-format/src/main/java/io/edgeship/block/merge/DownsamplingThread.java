package io.edgeship.block.merge;

import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Downsamples while the merge reads on, in a thread of its own: that is most of the work, and a second core has
/// nothing else to do where memory is for one merge only. Series are handed over in batches, and no batch waits: one is
/// filled while one is worked on. To be used by one thread.
final class DownsamplingThread implements AutoCloseable {
    /// From which on a batch is handed over: below, the threads wake each other too often.
    static final int BATCH_BYTES = 256 << 10;

    private final CoarserResults results;
    private final boolean mayBeTwo;
    private final Thread thread;
    private List<MergedSeries> filling = new ArrayList<>();
    private int fillingBytes;

    // Guarded by this.
    private @Nullable List<MergedSeries> working;
    private @Nullable Throwable failure;
    private boolean ended;
    private boolean givenUp;

    /// @param mayBeTwo whether a second one may help
    DownsamplingThread(CoarserResults results, boolean mayBeTwo) {
        this.results = results;
        this.mayBeTwo = mayBeTwo;
        thread = Thread.ofPlatform()
                .name(Thread.currentThread().getName() + "-downsample")
                .daemon()
                .start(this::work);
    }

    /// @throws IOException what an earlier series failed by; so may errors be
    void add(MergedSeries series) throws IOException {
        filling.add(series);
        fillingBytes += series.memoryBytes();
        if (fillingBytes >= BATCH_BYTES) {
            handOver();
        }
    }

    /// Waits until all is written.
    void finish() throws IOException {
        handOver();
        awaitIdle();
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
        awaitIdle();
        synchronized (this) {
            working = filling;
            notifyAll();
        }
        filling = new ArrayList<>();
        fillingBytes = 0;
    }

    private synchronized void awaitIdle() throws IOException {
        try {
            while (working != null && failure == null) {
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
    }

    private void work() {
        try (BatchDownsampler downsampler = new BatchDownsampler(results, mayBeTwo, this::isGivenUp)) {
            for (List<MergedSeries> batch = take(); batch != null; batch = take()) {
                List<List<List<TimedChunk>>> made = downsampler.of(batch);
                for (int i = 0; i < made.size(); i++) {
                    if (isGivenUp()) {
                        return;
                    }
                    results.write(batch.get(i), made.set(i, List.of()));
                }
                done(null);
            }
        } catch (Throwable e) { // an error, too, is the merge's to deal with
            done(e);
        }
    }

    private synchronized @Nullable List<MergedSeries> take() throws InterruptedException {
        while (working == null && !ended) {
            wait();
        }
        return working;
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
