package io.edgeship.agent;

import io.edgeship.runtime.log.Log;
import io.edgeship.ship.SourceConfig;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Wakes the scanner when a name appears in a source's directory. Only a nudge: the scan is the truth, and where
/// watching does not work the scan interval is all there is.
final class DirectoryNudge implements AutoCloseable {
    private static final Log LOG = Log.of(DirectoryNudge.class);

    private final WatchService watcher;

    private DirectoryNudge(WatchService watcher) {
        this.watcher = watcher;
    }

    static DirectoryNudge of(List<SourceConfig> sources) throws IOException {
        WatchService watcher = FileSystems.getDefault().newWatchService();
        for (SourceConfig source : sources) {
            try {
                source.path().register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
            } catch (IOException e) {
                LOG.warn("directory cannot be watched, scanning at intervals only", e, "path", source.path());
            }
        }
        return new DirectoryNudge(watcher);
    }

    /// Returns when something appeared or the time is over.
    void await(Duration longest) throws InterruptedException {
        WatchKey key = watcher.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
        if (key != null) {
            key.pollEvents();
            key.reset();
        }
    }

    @Override
    public void close() throws IOException {
        watcher.close();
    }
}
