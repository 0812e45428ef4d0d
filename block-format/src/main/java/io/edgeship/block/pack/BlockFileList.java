package io.edgeship.block.pack;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.FileSource;
import io.edgeship.block.pack.PackContents.PackedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The files of a block directory, hashed.
final class BlockFileList {
    private static final int READ_BYTES = 64 << 10;

    /// meta.json comes last: whoever sees it may count on the others.
    private static final Comparator<PackedFile> ORDER = Comparator.comparing(
                    (PackedFile file) -> file.path().equals(PackContents.META))
            .thenComparing(PackedFile::path);

    private BlockFileList() {}

    /// @param belongs tells by its path what is packed; what is not may be anything
    /// @throws IOException also for a directory that holds what no block does
    static List<PackedFile> of(Path dir, Predicate<String> belongs, boolean columnar) throws IOException {
        List<PackedFile> files = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(dir)) {
            for (Path path : tree.toList()) {
                String name = dir.relativize(path).toString().replace('\\', '/');
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    require(name.isEmpty() || name.equals("chunks"), path);
                } else if (belongs.test(name)) {
                    require(Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && PackContents.isPath(name), path);
                    files.add(hash(path, name, !(columnar && PackContents.isColumnPath(name))));
                }
            }
        }
        if (files.size() > PackLimits.FILES_MAX) {
            throw new IOException("%s has %d files".formatted(dir, files.size()));
        }
        files.sort(ORDER);
        return files;
    }

    private static void require(boolean isOfABlock, Path path) throws IOException {
        if (!isOfABlock) {
            throw new IOException(path + " is no file of a block");
        }
    }

    private static PackedFile hash(Path path, String name, boolean isVerbatim) throws IOException {
        MessageDigest digest = CheckedSink.sha256();
        try (FileSource source = FileSource.open(path)) {
            forEachPart(source, (bytes, length) -> digest.update(bytes, 0, length));
            return new PackedFile(name, source.size(), digest.digest(), isVerbatim);
        }
    }

    /// What [#forEachPart] calls.
    @FunctionalInterface
    interface PartVisitor {
        void part(byte[] bytes, int length) throws IOException;
    }

    static void forEachPart(ByteSource source, PartVisitor visitor) throws IOException {
        byte[] buffer = new byte[(int) Math.min(READ_BYTES, Math.max(1, source.size()))];
        for (long at = 0; at < source.size(); ) {
            int part = (int) Math.min(buffer.length, source.size() - at);
            source.read(at, buffer, 0, part);
            visitor.part(buffer, part);
            at += part;
        }
    }
}
