package io.edgeship.queue.transport.plain;

import io.edgeship.bucket.FileBody;
import io.edgeship.bucket.ObjectDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/// Digests of ranges of files. What this process has read is not read again while the file stays as it was: after its
/// sixtieth cut a block costs no more of the processor than after the first. Not thread-safe.
final class KnownDigests {
    /// 10 GiB in the smallest parts; some 500 KiB of memory.
    static final int RANGES_MAX = 2048;

    private final LinkedHashMap<FileBody, Known> ranges = new LinkedHashMap<>(16, 0.75f, true);

    /// What changes when somebody writes to a file or puts another one in its place.
    private record Stamp(
            long sizeBytes, FileTime modified, @Nullable Object inode) {
        static Stamp of(Path file) throws IOException {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(now.size(), now.lastModifiedTime(), now.fileKey());
        }
    }

    private record Known(Stamp stamp, ObjectDigest.Part digest) {}

    ObjectDigest.Part of(FileBody range) throws IOException {
        Stamp stamp = Stamp.of(range.file()); // before the bytes are read: a change meanwhile is seen the next time
        Known known = ranges.get(range);
        if (known != null && known.stamp().equals(stamp)) {
            return known.digest();
        }
        ObjectDigest.Part digest = PartDigests.of(range);
        ranges.put(range, new Known(stamp, digest));
        if (ranges.size() > RANGES_MAX) {
            ranges.pollFirstEntry(); // the one not asked for longest
        }
        return digest;
    }

    /// Lets the file be read again: the bucket says it holds other bytes.
    void forget(Path file) {
        ranges.keySet().removeIf(range -> range.file().equals(file));
    }
}
