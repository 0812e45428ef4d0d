package io.edgeship.demo;

import io.edgeship.runtime.config.ConfigException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The two buckets of a demo, of blocks and of logs: directories, or on an S3 server that is its own.
///
/// @param objstore names the bucket of blocks
/// @param logs     what lies in the other
/// @param server   null for directories
record DemoBuckets(Path objstore, DemoLogs logs, @Nullable LocalS3 server) implements AutoCloseable {
    private static final String BLOCKS = "edgeship";
    private static final String LOGS = "edgeship-logs";

    static DemoBuckets make(Path home, boolean s3, PrintStream out)
            throws IOException, InterruptedException, ConfigException {
        LocalS3 server = s3 ? LocalS3.start(Files.createDirectories(home.resolve("s3")), BLOCKS, LOGS) : null;
        try {
            out.println("buckets    " + BLOCKS + " and " + LOGS
                    + (server == null ? " in " + home : " at " + server.endpoint() + ", an S3 server of this demo"));
            Path objstore = objstore(home, BLOCKS, server);
            return new DemoBuckets(objstore, DemoLogs.unpack(home, objstore(home, LOGS, server)), server);
        } catch (IOException | ConfigException | RuntimeException e) {
            if (server != null) {
                server.close();
            }
            throw e;
        }
    }

    private static Path objstore(Path home, String bucket, @Nullable LocalS3 server) throws IOException {
        String yaml = server == null
                ? "type: FILESYSTEM\nconfig: {directory: '%s'}\n".formatted(home.resolve(bucket))
                : server.objstoreYaml(bucket);
        return Files.writeString(home.resolve("objstore-of-%s.yml".formatted(bucket)), yaml);
    }

    @Override
    public void close() {
        logs.close();
        if (server != null) {
            server.close();
        }
    }
}
