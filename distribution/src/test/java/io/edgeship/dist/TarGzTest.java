package io.edgeship.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarGzTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path dir;

    @Test
    void orderTimeAndOwnerOfTheFilesDoNotShow() throws Exception {
        Path one = tree("one", "b", "a", "sub/c");
        Path other = tree("other", "sub/c", "a", "b");
        Files.setLastModifiedTime(other.resolve("a"), FileTime.from(Instant.EPOCH));
        assertThat(archive("1", one)).isEqualTo(archive("2", other));
    }

    @Test
    void linksBecomeWhatTheyLeadToAndExecutablesStayThat() throws Exception {
        Path tree = tree("tree", "a");
        Path program = Files.writeString(dir.resolve("program"), "#!");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(tree.resolve("link"), program);
        archive("archive", tree);
        assertThat(entries(dir.resolve("archive"))).containsExactly("x/a 644 a " + TIME, "x/link 755 #! " + TIME);
    }

    private Path tree(String name, String... files) throws IOException {
        for (String file : files) {
            Path path = dir.resolve(name).resolve(file);
            Files.createDirectories(path.resolveSibling("."));
            Files.writeString(path, file);
        }
        return dir.resolve(name);
    }

    private byte[] archive(String name, Path tree) throws IOException {
        Path archive = dir.resolve(name);
        try (TarGz tar = new TarGz(archive, TIME)) {
            tar.addTree("x", tree);
        }
        return Files.readAllBytes(archive);
    }

    static List<String> entries(Path archive) throws IOException {
        List<String> entries = new ArrayList<>();
        try (var in = new TarArchiveInputStream(new GZIPInputStream(Files.newInputStream(archive)))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.add("%s %o %s %s"
                        .formatted(
                                entry.getName(),
                                entry.getMode() & 0777,
                                new String(in.readAllBytes(), StandardCharsets.UTF_8),
                                entry.getLastModifiedTime().toInstant()));
            }
        }
        return entries;
    }
}
