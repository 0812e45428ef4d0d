package io.edgeship.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageJarTest {
    private static final List<String> CLASSES =
            List.of("META-INF/MANIFEST.MF", "net/codec/", "net/codec/Codec.class", "net/codec/so.properties");

    private static final List<String> NATIVES = List.of(
            "linux/amd64/libcodec-1.5.so",
            "darwin/aarch64/libcodec.dylib",
            "mac/libcodec.jnilib",
            "win/amd64/codec.dll",
            "aix/ppc64/libcodec.a");

    @TempDir
    private Path dir;

    private Path jar(String name, Instant time, List<List<String>> entries) throws IOException {
        Path jar = dir.resolve(name);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String each : entries.stream().flatMap(List::stream).toList()) {
                ZipEntry entry = new ZipEntry(each);
                entry.setLastModifiedTime(FileTime.from(time));
                out.putNextEntry(entry);
                if (!each.endsWith("/")) {
                    out.write(content(each).getBytes(StandardCharsets.UTF_8));
                }
                out.closeEntry();
            }
        }
        return jar;
    }

    private static String content(String entry) {
        return "of " + entry;
    }

    @Test
    void nativeLibrariesAreLeftOutAndAllElseIsThereInItsOrder() throws IOException {
        Path jar = jar("codec.jar", Instant.now(), List.of(CLASSES, NATIVES));
        Path copy = dir.resolve("copy.jar");
        ImageJar.copy(jar, copy);
        Map<String, String> found = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(copy.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                try (InputStream in = zip.getInputStream(entry)) {
                    found.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        assertThat(found.keySet()).containsExactlyElementsOf(CLASSES);
        assertThat(found)
                .allSatisfy((name, text) -> assertThat(text).isEqualTo(name.endsWith("/") ? "" : content(name)));
    }

    @Test
    void theSameContentGivesTheSameBytesWheneverItWasMade() throws IOException {
        Path one = dir.resolve("one.jar");
        Path other = dir.resolve("other.jar");
        ImageJar.copy(jar("a.jar", Instant.parse("2026-11-26T12:00:00Z"), List.of(CLASSES, NATIVES)), one);
        ImageJar.copy(jar("b.jar", Instant.parse("2027-03-01T01:00:00Z"), List.of(CLASSES, NATIVES)), other);
        assertThat(one).hasSameBinaryContentAs(other);
    }

    @Test
    void aJarWithoutThemIsCopiedToTheByte() throws IOException {
        Path jar = jar("plain.jar", Instant.now(), List.of(CLASSES));
        Path copy = dir.resolve("copy.jar");
        ImageJar.copy(jar, copy);
        assertThat(copy).hasSameBinaryContentAs(jar);
    }
}
