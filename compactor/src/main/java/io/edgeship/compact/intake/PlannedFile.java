package io.edgeship.compact.intake;

import static io.edgeship.compact.intake.RejectedException.require;

import io.edgeship.block.message.v1.Manifest;
import java.util.ArrayList;
import java.util.List;

/// A file of an item, as its manifest has it.
///
/// @param offset in the stream of all files, one after the other
/// @param sha256 32 bytes; not to be changed
public record PlannedFile(String path, long offset, long sizeBytes, byte[] sha256) {
    private static final int SHA256_BYTES = 32;

    /// Says which paths there may be.
    public interface PathRule {
        void check(int number, String path) throws RejectedException;
    }

    /// All files of a manifest, in the order of the stream.
    public static List<PlannedFile> of(Manifest manifest, long maxItemBytes, PathRule rule) throws RejectedException {
        List<PlannedFile> files = new ArrayList<>();
        long end = 0;
        for (int i = 0; i < manifest.getFilesCount(); i++) {
            Manifest.File file = manifest.getFiles(i);
            rule.check(i, file.getPath());
            require(
                    file.getSha256().size() == SHA256_BYTES,
                    "files.sha256",
                    "of %s has %d bytes",
                    file.getPath(),
                    file.getSha256().size());
            long size = file.getSizeBytes();
            require(
                    size >= 0 && size <= maxItemBytes - end,
                    "item.size",
                    "%s has %s bytes after %d, limit %d",
                    file.getPath(),
                    Long.toUnsignedString(size),
                    end,
                    maxItemBytes);
            files.add(
                    new PlannedFile(file.getPath(), end, size, file.getSha256().toByteArray()));
            end += size;
        }
        return files;
    }

    /// The first byte of the stream that is not of this file.
    public long end() {
        return offset + sizeBytes;
    }
}
