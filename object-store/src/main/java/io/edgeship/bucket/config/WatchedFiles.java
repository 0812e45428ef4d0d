package io.edgeship.bucket.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Some small files, of which one wants to know whether they changed. Links are followed: Kubernetes swaps secrets by
/// one.
final class WatchedFiles {
    /// More is no configuration and no certificate.
    private static final int BYTES_MAX = 4 << 20;

    private WatchedFiles() {}

    /// What a look at the files' names, sizes and times tells: cheap, and no two states that differ look the same while
    /// the file system's clock moves on between two writes.
    static List<String> stamps(List<Path> files) {
        List<String> stamps = new ArrayList<>();
        for (Path file : files) {
            try {
                Path real = file.toRealPath();
                BasicFileAttributes seen = Files.readAttributes(real, BasicFileAttributes.class);
                stamps.add("%s %s %d %s".formatted(real, seen.fileKey(), seen.size(), seen.lastModifiedTime()));
            } catch (IOException e) {
                stamps.add(file + " " + e.getClass().getSimpleName());
            }
        }
        return stamps;
    }

    /// A digest of what is in the files; one that cannot be read counts as empty.
    static String digest(List<Path> files) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                byte[] content = content(file);
                sha256.update((file + " " + content.length + "\n").getBytes(UTF_8));
                sha256.update(content);
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] content(Path file) {
        try {
            return Files.size(file) > BYTES_MAX ? new byte[0] : Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
