package io.edgeship.dist;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// `SHA256SUMS`, as `sha256sum --check` reads it.
final class Checksums {
    static final String FILE = "SHA256SUMS";

    private Checksums() {}

    static void write(Path directory) throws IOException {
        StringBuilder text = new StringBuilder();
        of(directory)
                .forEach((name, sum) ->
                        text.append(sum).append("  ").append(name).append('\n'));
        Files.writeString(directory.resolve(FILE), text);
    }

    /// By file name.
    static Map<String, String> of(Path directory) throws IOException {
        Map<String, String> sums = new TreeMap<>();
        for (Path file : Tree.files(directory)) {
            if (!file.endsWith(FILE)) {
                sums.put(file.getFileName().toString(), sum(file));
            }
        }
        return sums;
    }

    private static String sum(Path file) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
                DigestInputStream in = new DigestInputStream(raw, MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
