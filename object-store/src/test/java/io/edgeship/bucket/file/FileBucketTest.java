package io.edgeship.bucket.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.UploadedPart;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBucketTest {
    private static final Body X = Body.of("x".getBytes(UTF_8));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private Bucket bucket;

    @BeforeEach
    void open() throws IOException {
        bucket = FileBucket.open(dir, "");
    }

    @Test
    void anObjectIsTheFileThatThanosLooksFor() throws IOException {
        FileBucket.open(dir, "team/edge").put("01ABC/chunks/000001", X);

        assertThat(dir.resolve("team/edge/01ABC/chunks/000001")).hasContent("x");
        assertThat(bucket.head("team/edge/01ABC/chunks/000001")).isPresent();
    }

    @Test
    void aDeletedObjectLeavesNoEmptyFolders() throws IOException {
        bucket.put("a/b/c", X);
        bucket.put("a/d", X);
        bucket.delete("a/b/c");

        assertThat(dir.resolve("a/b")).doesNotExist();
        assertThat(dir.resolve("a/d")).exists();
        bucket.delete("a/d");
        assertThat(names(dir)).containsExactly(".edgeship");
    }

    @Test
    void itsOwnFilesAreNoObjects() throws IOException {
        String id = bucket.createUpload("a");
        bucket.uploadPart("a", id, 1, X);

        assertThat(bucket.list("", null, null, ListPage.KEYS_MAX).objects()).isEmpty();
        assertThat(bucket.list("", "/", null, ListPage.KEYS_MAX).commonPrefixes())
                .isEmpty();
        assertThatThrownBy(() -> bucket.get(".edgeship/lock")).isInstanceOf(BucketException.Refused.class);
        assertThatThrownBy(() -> bucket.put(".edgeship", X)).isInstanceOf(BucketException.Refused.class);
    }

    @Test
    void anUploadOutlivesTheProcess() throws IOException {
        String id = bucket.createUpload("a");
        UploadedPart part = bucket.uploadPart("a", id, 1, X);

        Bucket reopened = FileBucket.open(dir, "");
        assertThat(reopened.listParts("a", id)).containsExactly(part);
        reopened.completeUpload("a", id, List.of(part));
        assertThat(dir.resolve("a")).hasContent("x");
        assertThat(names(dir.resolve(".edgeship/uploads"))).isEmpty();
    }

    @Test
    void nothingIsLeftOfABodyThatFailed() {
        Body broken = new Body() {
            @Override
            public long sizeBytes() {
                return 2;
            }

            @Override
            public InputStream open() throws IOException {
                return X.open();
            }
        };
        assertThatThrownBy(() -> bucket.put("a", broken)).isInstanceOf(BucketException.BodyUnreadable.class);
        assertThat(names(dir.resolve(".edgeship/tmp"))).isEmpty();
    }

    @Test
    void whatACrashLeftIsRemovedAfterADay() throws IOException {
        Path tmp = Files.createDirectories(dir.resolve(".edgeship/tmp"));
        Path old = Files.writeString(tmp.resolve("old"), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        Path young = Files.writeString(tmp.resolve("young"), "somebody else's");

        FileBucket.open(dir, "").put("a", X);

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void twoObjectsOfOneSizeInOneInstantHaveDifferentETags() throws IOException {
        String before = bucket.put("a", X).eTag();
        FileTime time = Files.getLastModifiedTime(dir.resolve("a"));
        bucket.put("a", Body.of("y".getBytes(UTF_8)));
        Files.setLastModifiedTime(dir.resolve("a"), time);

        assertThat(bucket.head("a").orElseThrow().eTag()).isNotEqualTo(before);
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> String.valueOf(entry.getFileName())).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
