package io.edgeship.dist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// A jar as it goes into an image: without native libraries, which are there for a dozen platforms. What the image's
/// own platform needs of them is unpacked beside the jars ([NativeCodecs]).
final class ImageJar {
    private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib|a)");

    /// The first that a zip knows, so that no moment and no time zone is in it.
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private ImageJar() {}

    /// One that has none is copied as it is. The same jar gives the same bytes.
    static void copy(Path jar, Path target) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            List<ZipEntry> kept = zip.stream()
                    .<ZipEntry>map(entry -> entry)
                    .filter(entry -> !isNative(entry))
                    .toList();
            if (kept.size() == zip.size()) {
                Files.copy(jar, target);
                return;
            }
            try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(target))) {
                for (ZipEntry entry : kept) {
                    ZipEntry written = new ZipEntry(entry.getName());
                    written.setTimeLocal(TIME);
                    out.putNextEntry(written);
                    try (InputStream in = zip.getInputStream(entry)) {
                        in.transferTo(out);
                    }
                    out.closeEntry();
                }
            }
        }
    }

    private static boolean isNative(ZipEntry entry) {
        return NATIVE.matcher(entry.getName()).matches();
    }
}
