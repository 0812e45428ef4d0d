package io.edgeship.compact;

import io.edgeship.compact.round.RoundWatcher;
import io.edgeship.runtime.cli.Progress;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.config.Sizes;
import java.util.HashMap;
import java.util.Map;

/// One line for people on how far the compactions are that run now. Thread-safe.
final class RoundProgress implements RoundWatcher, AutoCloseable {
    private final Progress line;
    private final Map<String, io.edgeship.compact.merge.Progress> running = new HashMap<>();
    private long endedBytes;

    RoundProgress(Terminal terminal) {
        line = terminal.progress("compacting");
    }

    @Override
    public synchronized void at(String stream, io.edgeship.compact.merge.Progress progress) {
        running.put(stream, progress);
        long done = 0;
        long total = 0;
        long bytes = endedBytes;
        for (io.edgeship.compact.merge.Progress one : running.values()) {
            done += one.seriesDone();
            total += one.seriesTotal();
            bytes += one.receivedBytes();
        }
        String streams = running.size() == 1 ? "one stream" : running.size() + " streams";
        line.update(done, total, "series of %s, %s read so far".formatted(streams, Sizes.print(bytes)));
    }

    @Override
    public synchronized void ended(String stream) {
        io.edgeship.compact.merge.Progress last = running.remove(stream);
        endedBytes += last == null ? 0 : last.receivedBytes();
    }

    @Override
    public synchronized void close() {
        line.close();
    }
}
