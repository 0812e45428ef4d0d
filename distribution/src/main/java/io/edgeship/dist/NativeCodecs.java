package io.edgeship.dist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// The native parts of the compression libraries, for one platform. Left in their jars they are unpacked to `/tmp` at
/// their first use, and cannot be run from there where it is mounted `noexec`.
final class NativeCodecs {
    /// Where they lie in an image.
    static final String DIRECTORY = "/opt/edgeship/native";

    private static final String ZSTD = "libzstd-jni.so";

    private record Codec(String jar, String entry, String file) {}

    private NativeCodecs() {}

    /// Flags by which the libraries look there.
    static List<String> flags() {
        return List.of(
                "-Djava.library.path=" + DIRECTORY,
                "-Dorg.xerial.snappy.use.systemlib=true",
                "-DZstdNativePath=" + DIRECTORY + "/" + ZSTD);
    }

    /// Unpacks those of `jars` into the file tree of an image.
    static void unpack(List<Path> jars, String architecture, Path tree) throws IOException {
        Path target = Files.createDirectories(tree.resolve(Path.of("/").relativize(Path.of(DIRECTORY))));
        for (Codec codec : codecs(architecture)) {
            Path jar = jars.stream()
                    .filter(each -> each.getFileName().toString().startsWith(codec.jar()))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no jar of " + codec.jar() + " on the class path"));
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                ZipEntry entry = zip.stream()
                        .filter(each -> each.getName().matches(codec.entry()))
                        .findFirst()
                        .orElseThrow(
                                () -> new IOException("%s: nothing in it matches %s".formatted(jar, codec.entry())));
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, target.resolve(codec.file()));
                }
            }
        }
    }

    private static List<Codec> codecs(String architecture) {
        boolean arm = architecture.equals("arm64");
        String machine = arm ? "aarch64" : "amd64";
        return List.of(
                new Codec(
                        "snappy-java-",
                        "org/xerial/snappy/native/Linux/" + (arm ? "aarch64" : "x86_64") + "/libsnappyjava\\.so",
                        "libsnappyjava.so"),
                new Codec("zstd-jni-", "linux/" + machine + "/libzstd-jni-.*\\.so", ZSTD),
                new Codec("lz4-java-", "net/jpountz/util/linux/" + machine + "/liblz4-java\\.so", "liblz4-java.so"));
    }
}
