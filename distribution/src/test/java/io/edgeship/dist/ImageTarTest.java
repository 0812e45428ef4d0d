package io.edgeship.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An image of a few files, with everything that one of a JVM has but the JVM.
class ImageTarTest {
    private static final String NAME = "edgeship-agent:1.2.3";

    @TempDir
    private Path dir;

    private Map<String, byte[]> files = Map.of();

    @BeforeEach
    void writeOne() throws Exception {
        files = read(Files.readAllBytes(write("one")));
    }

    @Test
    void twoRunsGiveTheSameBytes() throws Exception {
        assertThat(write("other")).hasSameBinaryContentAs(dir.resolve("one/edgeship-agent-1.2.3-linux-amd64.tar"));
    }

    @Test
    void everyBlobIsNamedByItsContent() throws Exception {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        Map<String, byte[]> blobs = new TreeMap<>(files);
        blobs.keySet().removeIf(name -> !name.startsWith("blobs/"));
        assertThat(blobs).hasSizeGreaterThan(4);
        blobs.forEach((name, content) ->
                assertThat(name).isEqualTo("blobs/sha256/" + HexFormat.of().formatHex(sha256.digest(content))));
    }

    @Test
    void containerdAndDockerFindTheNameTheChartsUse() throws Exception {
        assertThat(at(json("index.json"), "manifests", 0, "annotations", "io.containerd.image.name"))
                .isEqualTo("docker.io/library/" + NAME);
        Object docker = JSON.std.listFrom(text("manifest.json")).getFirst();
        assertThat(at(docker, "RepoTags")).isEqualTo(List.of(NAME));
        for (Object layer : (List<?>) at(docker, "Layers")) {
            assertThat(files).containsKey(layer.toString());
        }
    }

    @Test
    void itRunsJavaAsNobodyWithoutAShell() throws Exception {
        Object docker = JSON.std.listFrom(text("manifest.json")).getFirst();
        Object config = json(at(docker, "Config").toString());
        assertThat(at(config, "config", "Entrypoint")).isEqualTo(List.of("/opt/java/bin/java", "@/edgeship"));
        assertThat(at(config, "config", "User")).isEqualTo("65532:65532");
        assertThat(at(config, "architecture")).isEqualTo("amd64");
    }

    @Test
    void everyFileIsInItsLayerAndAnyUserMayRead() throws Exception {
        Map<String, String> modes = new TreeMap<>();
        Object docker = JSON.std.listFrom(text("manifest.json")).getFirst();
        for (Object layer : (List<?>) at(docker, "Layers")) {
            byte[] content = files.getOrDefault(layer.toString(), new byte[0]);
            try (var in = new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(content)))) {
                for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    modes.put(entry.getName(), "%o".formatted(entry.getMode() & 07777));
                }
            }
        }
        assertThat(modes)
                .containsEntry("opt/java/bin/java", "755")
                .containsEntry("opt/edgeship/lib/a.jar", "644")
                .containsEntry("lib64/libc.so", "644")
                .containsEntry("edgeship", "644")
                .containsEntry("tmp/", "777");
        assertThat(new TreeSet<>(modes.values())).containsOnly("644", "755", "777");
    }

    private Path write(String name) throws Exception {
        Path root = dir.resolve(name + "-root");
        Path java = file(root.resolve("opt/java/bin/java"));
        assertThat(java.toFile().setExecutable(true)).isTrue();
        for (String path : List.of("opt/edgeship/lib/a.jar", "opt/edgeship/native/b.so", "lib64/libc.so", "edgeship")) {
            file(root.resolve(path));
        }
        Files.createDirectories(root.resolve("tmp"));
        Path target = file(dir.resolve("shipper-agent/target/shipper-agent-1.2.3.jar"))
                .resolveSibling("classpath.txt");
        Files.writeString(target, file(dir.resolve("a.jar")).toString());
        Project project = new Project(dir, "1.2.3", Instant.parse("2026-01-02T03:04:05Z"));
        ImageTree tree = new ImageTree(root, Image.AGENT, List.of(), List.of());
        return ImageTar.write(
                project,
                tree,
                "amd64",
                Files.createDirectories(dir.resolve(name + "-caches")),
                Files.createDirectories(dir.resolve(name)));
    }

    private static Path file(Path path) throws IOException {
        Files.createDirectories(path.resolveSibling("."));
        return Files.writeString(path, path.getFileName().toString());
    }

    private static Map<String, byte[]> read(byte[] tar) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (var in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), in.readAllBytes());
            }
        }
        return files;
    }

    private byte[] text(String name) {
        return files.getOrDefault(name, new byte[0]);
    }

    private Object json(String name) throws IOException {
        return JSON.std.mapFrom(text(name));
    }

    private static Object at(Object json, Object... path) {
        Object at = json;
        for (Object step : path) {
            Object next = step instanceof Integer index ? ((List<?>) at).get(index) : ((Map<?, ?>) at).get(step);
            at = next == null ? "nothing" : next;
        }
        return at;
    }
}
