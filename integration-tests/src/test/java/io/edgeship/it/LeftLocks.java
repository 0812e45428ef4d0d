package io.edgeship.it;

import io.edgeship.compact.lock.StreamLocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;

/// Locks that a compactor left behind when it was killed: they are free ten minutes later, which no test waits for.
final class LeftLocks {
    private LeftLocks() {}

    /// Makes them as old.
    ///
    /// @param bucket the directory that an S3 server has the bucket in
    static void expire(Path bucket) throws IOException {
        Path locks = bucket.resolve("edgeship/locks");
        FileTime before = FileTime.from(Instant.now().minus(StreamLocks.LEASE.plusMinutes(1)));
        try (Stream<Path> files = Files.exists(locks) ? Files.list(locks) : Stream.of()) {
            for (Path lock : files.toList()) {
                Files.setLastModifiedTime(lock, before);
            }
        }
    }
}
