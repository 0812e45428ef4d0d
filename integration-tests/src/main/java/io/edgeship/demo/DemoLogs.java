package io.edgeship.demo;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.runtime.config.ConfigException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The logs of a demo: the chunks of one site's Loki, a bucket of their own, and what can be found in it.
final class DemoLogs implements AutoCloseable {
    private static final int LINES_PER_STREAM = 2;

    private final Path objstore;
    private final Path chunks;
    private final Path loki;
    private final Bucket bucket;
    private final IndexedLines lines;
    private int chunksTold;

    private DemoLogs(Path objstore, Path chunks, Path loki, Bucket bucket) {
        this.objstore = objstore;
        this.chunks = chunks;
        this.loki = loki;
        this.bucket = bucket;
        lines = new IndexedLines(bucket);
    }

    /// @param objstore of the bucket of logs
    static DemoLogs unpack(Path home, Path objstore) throws IOException, ConfigException {
        Path chunks = home.resolve(BundledChunks.SITE).resolve("loki/chunks");
        BundledChunks.unpack(chunks);
        Path loki = Files.writeString(home.resolve("loki.yaml"), """
                # of a central Loki that would read the bucket: the compactor reads where indexes lie
                schema_config:
                  configs:
                  - {from: 2024-01-01, store: tsdb, object_store: s3, schema: v13, index: {prefix: index_, period: 24h}}
                """);
        return new DemoLogs(objstore, chunks, loki, Buckets.open(ObjstoreConfig.read(objstore)));
    }

    /// Of `agent.yaml`: one of its `sources`, for the agent of [BundledChunks#SITE].
    String source() {
        return "- {type: loki, path: '%s', segment_interval: 1s}".formatted(chunks);
    }

    /// Of `agent.yaml`: what else it wants.
    String ofAgent() {
        return "transport: inbox%nlogs: {objstore: {file: '%s'}}".formatted(objstore);
    }

    /// Of `compactor.yaml`.
    String ofCompactor() {
        return "logs: {objstore: {file: '%s'}, loki: {config_file: '%s'}}%n".formatted(objstore, loki);
    }

    /// Tells when chunks came into an index.
    ///
    /// @return whether all have
    boolean areIndexed(double seconds, PrintStream out) throws IOException {
        if (chunksTold < BundledChunks.CHUNKS.size()) {
            int indexed = lines.chunks().size();
            if (indexed > chunksTold) {
                chunksTold = indexed;
                out.printf(
                        Locale.ROOT,
                        "%6.1f s  %-16s %d chunks of Loki are in an index%n",
                        seconds,
                        BundledChunks.SITE,
                        indexed);
            }
        }
        return chunksTold >= BundledChunks.CHUNKS.size();
    }

    void print(PrintStream out) throws IOException {
        out.println("\nlog lines, found through the index that the compactor built of the chunks:");
        for (IndexedLines.Line line : lines.last(LINES_PER_STREAM)) {
            out.printf("  %s  %s  %s%n", line.at(), line.stream(), line.text());
        }
    }

    @Override
    public void close() {
        bucket.close();
    }
}
