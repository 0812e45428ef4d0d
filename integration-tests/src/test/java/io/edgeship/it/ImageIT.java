package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.demo.BundledSites;
import io.edgeship.demo.Deadline;
import io.edgeship.demo.LocalPrometheus;
import io.edgeship.demo.LocalS3;
import io.edgeship.fleet.BucketSync;
import io.edgeship.it.CommandLine.Ended;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The images of `./edgeship dist` in containers that may do nothing: no capabilities, no new privileges, a root that
/// cannot be written, 128 MiB. The store is an S3 server beside them.
class ImageIT {
    private static final String SITE = "greenhouse-9";
    private static final String BUCKET = "images";
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    private Path dir;

    private ImageBed bed = new ImageBed(Path.of(""));

    @BeforeEach
    void make() {
        bed = new ImageBed(dir);
    }

    /// The users of kube-prometheus-stack, of the chart prometheus, and one that is nobody's.
    @ParameterizedTest
    @CsvSource({"1000:2000, plain", "65534:65534, inbox", "10001:10001, packed"})
    void theAgentShipsAsAnyUserFromOneMountInSmallMemory(String wanted, String transport) throws Exception {
        String user = bed.possible(wanted);
        String image = agentOwnedBy(user);
        // A store that is not there: what waits shares its bytes with Prometheus' own.
        configure(
                "transport: " + transport,
                "{type: S3, config: {bucket: b, endpoint: '127.0.0.1:1', insecure: true, "
                        + "region: r, access_key: a, secret_key: s, max_retries: 1}}");
        Ended cut = agent(image, user, ImageBed.SMALL, "agent --once");
        assertThat(cut.exitCode()).as(cut.output()).isEqualTo(1);
        for (String block : blocks()) {
            Path source = data().resolve(block).resolve("chunks/000001");
            assertThat(inodes(data().resolve("edgeship-spool"), "000001"))
                    .as("links to %s in the spool", source)
                    .contains(inode(source));
        }
        try (LocalS3 store = bed.store(BUCKET)) {
            configure("transport: " + transport, "{file: /etc/edgeship/images.yml}");
            Ended shipped = agent(image, user, ImageBed.SMALL, "agent --once");
            if (transport.equals("plain")) {
                assertThat(shipped.exitCode()).as(shipped.output()).isZero();
            } else {
                bed.cycle(BUCKET, "");
                shipped = agent(image, user, ImageBed.SMALL, "agent --once --wait 30s");
                assertThat(shipped.exitCode()).as(shipped.output()).isZero();
            }
            assertBlocksAreIn(store);
        }
    }

    @Test
    void aReadOnlyMountTakesASpoolOfItsOwn() throws Exception {
        String user = bed.possible("1000:2000");
        String image = agentOwnedBy(user);
        Path spool = ImageBed.owned(Files.createDirectories(dir.resolve("spool")), user);
        try (LocalS3 store = bed.store(BUCKET)) {
            configure("spool: {path: /spool}", "{file: /etc/edgeship/images.yml}");
            List<String> mounts = new ArrayList<>(ImageBed.SMALL);
            mounts.add("--volume=" + data() + ":/prometheus:ro");
            mounts.add("--volume=" + spool + ":/spool");
            Ended shipped = bed.run(image, user, mounts, "agent --once --config=/etc/edgeship/agent.yaml");
            assertThat(shipped.exitCode()).as(shipped.output()).isZero();
            assertBlocksAreIn(store);
        }
        assertThat(data().resolve("edgeship-spool")).doesNotExist();
        assertThat(spool).isNotEmptyDirectory();
    }

    @Test
    void flagsOfTheEnvironmentComeBehindTheImagesOwn() throws Exception {
        String image = bed.load("edgeship-agent");
        List<String> flags = List.of("--env=EDGESHIP_JAVA_OPTS=-Xmx40m -XX:+PrintFlagsFinal");
        Ended printed = bed.run(image, "10001", flags, "agent --help");
        assertThat(printed.output())
                .containsPattern("MaxHeapSize +:?= 41943040 ")
                .containsPattern("UseSerialGC +:?= true ")
                .contains("Usage: edgeship agent");
    }

    @Test
    void thereIsNoShell() throws Exception {
        String image = bed.load("edgeship-agent");
        for (String shell : List.of("/bin/sh", "/bin/bash", "/busybox/sh")) {
            Ended ended = new Docker(dir).run("run", "--rm", "--entrypoint=" + shell, image);
            assertThat(ended.exitCode()).as(ended.output()).isEqualTo(127);
        }
    }

    @Test
    void theFleetServerAnswers() throws Exception {
        String image = bed.load("edgeship-central");
        int port = LocalPrometheus.freePort();
        try (LocalS3 store = bed.store(BUCKET)) {
            bed.configureCentre(BUCKET, "fleet: {http: {listen: '127.0.0.1:%d'}}".formatted(port));
            List<Object> words = new ArrayList<>(ImageBed.RESTRICTED);
            words.addAll(List.of("--user=10001:10001", "--memory=256m", "--volume=" + bed.etc() + ":/etc/edgeship:ro"));
            words.addAll(List.of(image, "fleet", "--serve", "--config=/etc/edgeship/compactor.yaml"));
            try (Docker.Container server = new Docker(dir).detached(words.toArray())) {
                boolean ready = Deadline.in(LIMIT).reached(() -> !server.runs() || answers(port, "/-/ready"));
                assertThat(ready && server.runs())
                        .as("ready: %s%n%s", store.endpoint(), server.log())
                        .isTrue();
                assertThat(answers(port, "/metrics")).isTrue();
            }
        }
    }

    private String agentOwnedBy(String user) throws Exception {
        String image = bed.load("edgeship-agent");
        BundledSites.unpack(SITE, data());
        ImageBed.owned(data(), user);
        return image;
    }

    private Ended agent(String image, String user, List<String> more, String command) throws Exception {
        List<String> flags = new ArrayList<>(more);
        flags.add("--volume=" + data() + ":/prometheus");
        return bed.run(image, user, flags, command + " --config=/etc/edgeship/agent.yaml");
    }

    private void configure(String more, String objstore) throws IOException {
        Files.writeString(bed.etc().resolve("agent.yaml"), """
                site: %s
                sources:
                - {type: prometheus, path: /prometheus, external_labels: {replica: a}}
                objstore: %s
                http: {listen: "127.0.0.1:0"}
                centre: edgeship
                %s
                """.formatted(
                        SITE, objstore.startsWith("{file") ? objstore : "{config: " + objstore + "}", more));
    }

    private Path data() {
        return dir.resolve("data");
    }

    private static List<String> blocks() {
        return BundledSites.BLOCKS.getOrDefault(SITE, List.of());
    }

    private void assertBlocksAreIn(LocalS3 store) throws Exception {
        Path objstore = Files.writeString(dir.resolve("objstore.yml"), store.objstoreYaml(BUCKET));
        try (Bucket bucket = Buckets.open(ObjstoreConfig.read(objstore))) {
            assertThat(new BucketSync(bucket).sync().blocks())
                    .extracting(block -> block.meta().id())
                    .containsAll(blocks().stream().map(BlockId::parse).toList());
        }
    }

    private static List<Object> inodes(Path tree, String name) throws IOException {
        try (var all = Files.walk(tree)) {
            List<Object> inodes = new ArrayList<>();
            for (Path path : all.filter(each -> each.endsWith(name)).toList()) {
                inodes.add(inode(path));
            }
            return inodes;
        }
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    private static boolean answers(int port, String path) throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + port + path);
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false; // not yet: the caller polls
        }
    }
}
