package io.edgeship.fleet;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static io.edgeship.fleet.BucketFolder.C;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.RecordingBucket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetaCacheTest {
    private static final Duration OLD = Duration.ofHours(49);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init")
    private BucketFolder folder;

    @BeforeEach
    void folder() {
        folder = new BucketFolder(dir.resolve("bucket"));
    }

    /// The figures of `docs/reference/compactor.md`.
    @Test
    void tenThousandBlocksCostOneReadEachOnce() throws Exception {
        int blocks = 10_000;
        MemoryBucket memory = new MemoryBucket();
        for (int i = 0; i < blocks; i++) {
            BlockId id = new BlockId(A.high() + i, i);
            String meta = BucketFolder.meta(id, i * 7_200_000L, (i + 1) * 7_200_000L, "site-" + i % 100);
            memory.add(id + "/meta.json", meta.getBytes(UTF_8));
            memory.add(id + "/index", new byte[1]);
            memory.add(id + "/chunks/000001", new byte[1]);
        }
        RecordingBucket bucket = new RecordingBucket(memory);
        BucketSync sync = new BucketSync(bucket);

        assertThat(sync.sync().blocks()).hasSize(blocks).allMatch(BucketBlock::isComplete);
        assertThat(bucket.keysOf("list")).hasSize(30);
        assertThat(new HashSet<>(bucket.keysOf("get"))).hasSize(blocks);
        assertThat(bucket.calls()).hasSize(30 + blocks);

        bucket.clear();
        assertThat(sync.sync().blocks()).hasSize(blocks);
        assertThat(bucket.calls()).hasSize(30).allMatch(call -> call.startsWith("list "));
    }

    @Test
    void withACacheDirANewProcessAsksForNoMetaAgain() throws Exception {
        for (int i = 0; i < 50; i++) {
            BlockId id = new BlockId(A.high() + i, i);
            folder.put(id + "/meta.json", BucketFolder.meta(id, 0, 1, "a"), OLD);
        }
        Path cache = dir.resolve("cache");
        BucketView first = BucketSync.cachedIn(cache, folder.open()).sync();
        RecordingBucket bucket = new RecordingBucket(folder.open());

        assertThat(BucketSync.cachedIn(cache, bucket).sync()).isEqualTo(first);
        assertThat(bucket.calls()).containsExactly("list ");
    }

    @Test
    void aCacheFileThatIsDamagedForeignOrStaleCostsOneReadAndNothingElse() throws Exception {
        folder.block(A, OLD);
        Path cache = dir.resolve("cache");
        BucketView want = BucketSync.cachedIn(cache, folder.open()).sync();
        Path file = cache.resolve(A + ".meta");
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 1;
            for (byte[] damaged : List.of(flipped, Arrays.copyOf(whole, at))) {
                Files.write(file, damaged);
                RecordingBucket bucket = new RecordingBucket(folder.open());

                assertThat(BucketSync.cachedIn(cache, bucket).sync())
                        .as("damage at %d", at)
                        .isEqualTo(want);
                assertThat(bucket.keysOf("get")).containsExactly(A + "/meta.json");
                assertThat(Files.readAllBytes(file)).isEqualTo(whole);
            }
        }
    }

    @Test
    void theCacheForgetsBlocksThatAreGoneAndLeavesStrangersFilesAlone() throws Exception {
        folder.block(A, OLD).block(B, OLD);
        Path cache = dir.resolve("cache");
        BucketSync sync = BucketSync.cachedIn(cache, folder.open());
        sync.sync();
        Files.writeString(cache.resolve("notes.txt"), "mine");
        Files.writeString(cache.resolve("notes.meta"), "mine too");
        Files.writeString(cache.resolve(C + "123.meta-tmp"), "of a process that was killed");
        folder.clear();
        folder.block(B, OLD);

        BucketSync.cachedIn(cache, folder.open()).sync();

        assertThat(cache.toFile().list()).containsExactlyInAnyOrder(B + ".meta", "notes.txt", "notes.meta");
    }

    @Test
    void theCacheStopsGrowingAtItsLimit() throws Exception {
        Path cache = dir.resolve("cache");
        byte[] json = BucketFolder.meta(A, 0, 7_200_000, "a").getBytes(UTF_8);
        MetaCacheDir small = MetaCacheDir.open(cache, 2L * json.length);
        small.store(A, "etag", json);
        small.store(B, "etag", json);

        assertThat(small.load(A, "etag")).contains(json);
        assertThat(small.load(A, "other etag")).isEmpty();
        assertThat(small.load(B, "etag")).isEmpty();
        assertThat(MetaCacheDir.open(cache, 2L * json.length).has(B)).isFalse();
    }

    @Test
    void aCacheThatCannotBeUsedCostsRequestsAndNoCycle() throws Exception {
        folder.block(A, OLD);
        Path cache = Files.writeString(dir.resolve("cache"), "a file, not a directory");

        assertThat(BucketSync.cachedIn(cache, folder.open()).sync().blocks()).hasSize(1);
    }
}
