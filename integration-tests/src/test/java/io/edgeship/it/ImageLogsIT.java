package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.demo.LocalS3;
import io.edgeship.it.CommandLine.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The agent's image beside a Loki, as the chart runs it: Loki's user, one writable mount, 128 MiB.
class ImageLogsIT {
    /// More than one segment takes.
    private static final int CHUNKS = 4500;

    private static final String BLOCKS = "blocks";
    private static final String LOGS = "logs";

    @TempDir
    private Path dir;

    @ParameterizedTest
    @CsvSource({"plain, fleet", "inbox, fleet", "inbox, site"})
    void thousandsOfChunksAreShippedFromOneMountInSmallMemory(String transport, String tenants) throws Exception {
        ImageBed bed = new ImageBed(dir);
        String user = bed.possible("10001:10001");
        String image = bed.load("edgeship-agent");
        Path loki = Files.createDirectories(dir.resolve("loki"));
        ManyChunks.write(loki.resolve("chunks"), CHUNKS);
        ImageBed.owned(loki, user);
        configure(bed, transport, tenants);
        List<String> flags = new ArrayList<>(ImageBed.SMALL);
        flags.add("--volume=" + loki + ":/loki");
        try (LocalS3 store = bed.store(BLOCKS, LOGS)) {
            String command = "agent --once --config=/etc/edgeship/agent.yaml";
            Ended shipped = bed.run(image, user, flags, command);
            if (transport.equals("inbox")) {
                assertThat(shipped.exitCode()).as(shipped.output()).isEqualTo(1);
                assertThat(links(loki))
                        .as("chunks that wait are Loki's own files")
                        .isTrue();
                bed.cycle(BLOCKS, centralLoki(bed));
                shipped = bed.run(image, user, flags, command + " --wait 30s");
            }
            assertThat(shipped.exitCode())
                    .as("to %s: %s", store.endpoint(), shipped.output())
                    .isZero();
            assertThat(shippedChunks()).isEqualTo(CHUNKS);
        }
    }

    private static void configure(ImageBed bed, String transport, String tenants) throws IOException {
        Files.writeString(bed.etc().resolve("agent.yaml"), """
                site: shop-9
                sources: [{type: loki, path: /loki/chunks, tenants: %s}]
                transport: %s
                logs: {objstore: {file: /etc/edgeship/logs.yml}}
                http: {listen: "127.0.0.1:0"}
                """.formatted(tenants, transport));
    }

    private static String centralLoki(ImageBed bed) throws IOException {
        Files.writeString(bed.etc().resolve("loki.yaml"), """
                schema_config:
                  configs:
                  - {from: 2024-01-01, store: tsdb, object_store: s3, schema: v13, index: {prefix: index_, period: 24h}}
                """);
        return "logs: {objstore: {file: /etc/edgeship/logs.yml}, loki: {config_file: /etc/edgeship/loki.yaml}}";
    }

    /// Whether the spool has files that are Loki's own.
    private static boolean links(Path loki) throws IOException {
        try (Stream<Path> spool = Files.walk(loki.resolve("edgeship-spool"))) {
            for (Path file : spool.filter(Files::isRegularFile).toList()) {
                if (Files.getAttribute(file, "unix:nlink") instanceof Integer names && names > 1) {
                    return true;
                }
            }
        }
        return false;
    }

    private long shippedChunks() throws IOException {
        Path bucket = dir.resolve("store/data").resolve(LOGS);
        try (Stream<Path> all = Files.walk(bucket)) {
            return all.filter(file -> LokiChunkKey.tryParse(
                                    bucket.relativize(file).toString())
                            .isPresent())
                    .count();
        }
    }
}
