package io.edgeship.agent;

import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.ship.Reship;
import io.edgeship.ship.loki.ChunkReship;
import io.edgeship.ship.loki.LokiConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Sends log chunks again, as `queue reship` is asked to. Stateless.
final class ReshipChunks {
    private ReshipChunks() {}

    /// @param gone is told what cannot be sent, and what to do
    /// @return how many chunks will be sent again
    static int run(Reship.Wanted wanted, List<LokiConfig> sources, Set<String> gone, Terminal terminal)
            throws IOException {
        int done = 0;
        for (LokiConfig source : sources) {
            if (!Files.isDirectory(source.spool())) {
                continue;
            }
            try (Spool spool = Spool.open(source.spool())) {
                done += switch (wanted) {
                    case Reship.Wanted.One one -> {
                        bySegment(one, spool).ifPresent(gone::add);
                        yield 0;
                    }
                    case Reship.Wanted.Between(long from, long to) -> between(source, spool, from, to, terminal);
                };
            }
        }
        return done;
    }

    /// Which chunks a shipped segment had is kept nowhere; when their lines were is.
    private static Optional<String> bySegment(Reship.Wanted.One wanted, Spool spool) throws IOException {
        return spool.shippedRecords().stream()
                .filter(record -> record.id().equals(wanted.id()))
                .findFirst()
                .map(ReshipChunks::words);
    }

    private static String words(ShippedRecord record) {
        return "%s: a segment of log chunks is not sent again by its name; its lines are of --from %s --to %s"
                .formatted(
                        record.id(),
                        Instant.ofEpochMilli(record.range().minTime()),
                        Instant.ofEpochMilli(record.range().maxTime()));
    }

    private static int between(LokiConfig source, Spool spool, long from, long to, Terminal terminal)
            throws IOException {
        int chunks = ChunkReship.run(source, spool, from, to);
        if (chunks > 0) {
            terminal.out()
                    .println(
                            "%d log chunk(s) in %s will be sent again, in a segment of their own; what the site's Loki has deleted cannot be"
                                    .formatted(chunks, source.path()));
        }
        return chunks;
    }
}
