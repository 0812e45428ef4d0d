package io.edgeship.compact;

import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.log.Log;
import java.util.concurrent.CountDownLatch;

/// SIGTERM as an orderly end: whoever serves waits for it, closes what it has open, and then closes this. The process
/// ends with 0, where Java on its own says 143.
final class StopSignal implements AutoCloseable {
    private static final Log LOG = Log.of(StopSignal.class);

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stop");

    private StopSignal() {}

    static StopSignal install() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /// Until the process is told to end.
    void await() throws InterruptedException {
        stopping.await();
    }

    private void stop() {
        stopping.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.DONE.code());
    }

    /// All work is done; or it ended by itself, with a code of its own.
    @Override
    public void close() {
        stopped.countDown();
        if (stopping.getCount() > 0) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                LOG.debug("stopped just now", "err", e.getMessage());
            }
        }
    }
}
