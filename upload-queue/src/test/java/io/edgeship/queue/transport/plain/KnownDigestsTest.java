package io.edgeship.queue.transport.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.FileBody;
import io.edgeship.bucket.ObjectDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file that was changed while its size, time and inode stayed shows whether it was read again.
class KnownDigestsTest {
    private static final FileTime THEN = FileTime.from(Instant.parse("2026-01-02T03:04:05Z"));

    @TempDir
    Path dir;

    private final KnownDigests digests = new KnownDigests();
    private FileBody range;
    private ObjectDigest.Part digest;

    @BeforeEach
    void readOnce() throws IOException {
        range = new FileBody(write(dir.resolve("000001"), "one"), 0, 3);
        digest = digests.of(range);
    }

    @Test
    void readsARangeOnceWhileTheFileStaysAsItWas() throws IOException {
        write(range.file(), "two");

        assertThat(digests.of(new FileBody(range.file(), 0, 3))).isEqualTo(digest);
        assertThat(digests.of(new FileBody(range.file(), 0, 2))).isNotEqualTo(digest);
    }

    @Test
    void readsAgainOnceTheTimeTheSizeOrTheFileIsAnother() throws IOException {
        write(range.file(), "two");
        Files.setLastModifiedTime(range.file(), FileTime.fromMillis(THEN.toMillis() + 1));
        ObjectDigest.Part two = digests.of(range);
        assertThat(two).isNotEqualTo(digest);

        write(range.file(), "three");
        ObjectDigest.Part three = digests.of(range);
        assertThat(three).isNotEqualTo(two);

        Path other = write(dir.resolve("other"), "fours");
        Files.move(other, range.file(), StandardCopyOption.REPLACE_EXISTING);
        assertThat(digests.of(range)).isNotEqualTo(three);
    }

    @Test
    void readsAgainWhatTheBucketHoldsOtherwise() throws IOException {
        write(range.file(), "two");
        digests.forget(range.file());

        assertThat(digests.of(range)).isNotEqualTo(digest);
    }

    @Test
    void forgetsTheRangeThatWasNotAskedForLongest() throws IOException {
        Path large = Files.write(dir.resolve("large"), new byte[KnownDigests.RANGES_MAX]);
        for (int offset = 0; offset < KnownDigests.RANGES_MAX; offset++) {
            digests.of(new FileBody(large, offset, 1));
        }
        write(range.file(), "two");

        assertThat(digests.of(range)).isNotEqualTo(digest);
    }

    private static Path write(Path file, String content) throws IOException {
        Files.writeString(file, content);
        return Files.setLastModifiedTime(file, THEN);
    }
}
