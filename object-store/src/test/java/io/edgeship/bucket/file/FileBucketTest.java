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
    void partsThatComeInOrderAreNotCopied() throws IOException {
        byte[] big = new byte[(int) UploadedPart.SIZE_BYTES_MIN];
        String id = bucket.createUpload("a");
        UploadedPart one = bucket.uploadPart("a", id, 1, Body.of(big));
        bucket.uploadPart("a", id, 2, X);
        UploadedPart two = bucket.uploadPart("a", id, 2, Body.of("yz".getBytes(UTF_8)));
        Object number = Files.getAttribute(dir.resolve(".edgeship/uploads").resolve(id).resolve("data"), "unix:ino");

        bucket.completeUpload("a", id, List.of(one, two));

        assertThat(Files.getAttribute(dir.resolve("a"), "unix:ino")).isEqualTo(number);
        assertThat(Files.size(dir.resolve("a"))).isEqualTo(big.length + 2);
    }

    @Test
    void partsOutOfOrderAndSentAgainMakeTheSameObject() throws IOException {
        byte[] big = new byte[(int) UploadedPart.SIZE_BYTES_MIN];
        String id = bucket.createUpload("a");
        bucket.uploadPart("a", id, 1, X);
        UploadedPart three = bucket.uploadPart("a", id, 3, X);
        big[0] = 'c';
        UploadedPart two = bucket.uploadPart("a", id, 2, Body.of(big));
        big[0] = 'b';
        UploadedPart one = bucket.uploadPart("a", id, 1, Body.of(big));

        assertThat(bucket.listParts("a", id)).containsExactly(one, two, three);
        bucket.completeUpload("a", id, List.of(one, two, three));
        byte[] whole = Files.readAllBytes(dir.resolve("a"));
        assertThat(whole)
                .hasSize(2 * big.length + 1)
                .startsWith((byte) 'b', (byte) 0)
                .endsWith((byte) 0, (byte) 'x');
        assertThat(whole[big.length]).as("first of part 2").isEqualTo((byte) 'c');
    }

    /// A crash may leave the file with more than counts, and the note that somebody is writing.
    @Test
    void aPartThatWasCutShortDoesNotCount() throws IOException {
        String id = bucket.createUpload("a");
        UploadedPart one = bucket.uploadPart("a", id, 1, X);
        Path upload = dir.resolve(".edgeship/uploads").resolve(id);
        Files.write(upload.resolve("data"), "xhalf".getBytes(UTF_8));

        assertThat(bucket.listParts("a", id)).containsExactly(one);
        bucket.completeUpload("a", id, List.of(one));
        assertThat(dir.resolve("a")).hasContent("x");
    }

    @Test
    void anUploadThatACrashKeptFromGoingAwayIsCompleteAlready() throws IOException {
        String id = bucket.createUpload("a");
        UploadedPart one = bucket.uploadPart("a", id, 1, X);
        Files.move(dir.resolve(".edgeship/uploads").resolve(id).resolve("data"), dir.resolve("a"));

        assertThatThrownBy(() -> bucket.completeUpload("a", id, List.of(one)))
                .isInstanceOf(BucketException.NoSuchUpload.class);
        assertThat(dir.resolve("a")).hasContent("x");
        bucket.abortUpload("a", id);
        assertThat(names(dir.resolve(".edgeship/uploads"))).isEmpty();
    }

    @Test
    void anUploadWhoseWriterWasKilledGoesOn() throws IOException {
        byte[] big = new byte[(int) UploadedPart.SIZE_BYTES_MIN];
        String id = bucket.createUpload("a");
        Files.createFile(dir.resolve(".edgeship/uploads").resolve(id).resolve("writing"));
        UploadedPart one = bucket.uploadPart("a", id, 1, Body.of(big));
        UploadedPart two = bucket.uploadPart("a", id, 2, X);

        bucket.completeUpload("a", id, List.of(one, two));
        assertThat(Files.size(dir.resolve("a"))).isEqualTo(big.length + 1);
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
