package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.chaos.Fault;
import io.edgeship.chaos.Faults;
import io.edgeship.chaos.Outage;
import io.edgeship.chaos.Which;
import io.edgeship.demo.Child;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Blocks travel as packs: the agent's child packs them, the compactor unpacks them, and every byte is as it was. Where
/// the centre will not have the packs, the files follow.
class PackedIT {
    private static final long SEED = Long.getLong("edgeship.seed", 20261126);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String STORED = "packed\nspool: {store: packed}";
    private static final int BLOCKS = 3;
    private static final int SERIES = 300;

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"packed", STORED})
    void blocksArriveInAPartOfTheirBytesOverALinkThatIsCut(String transport) throws Exception {
        Faults cuts = Faults.seeded(SEED).with(new Fault.DroppedReply(Which.share(0.1)));
        try (FlakySite site = FlakySite.open(dir, transport, cuts)) {
            site.addBlocks(BLOCKS, SERIES);
            site.shipAll(LIMIT);
            site.assertEverythingArrivedOnce();
            assertThat(site.items()).isEmpty();
            assertThat(site.link().sentBytes())
                    .as("%s of %d", site.link(), site.blockBytes())
                    .isLessThan(site.blockBytes() / 2);
        }
    }

    @Test
    void aSiteWithoutALinkKeepsNothingButPacks() throws Exception {
        try (FlakySite site = FlakySite.open(dir, STORED, Faults.seeded(SEED))) {
            site.link().goDown(Outage.REFUSES);
            site.addBlocks(BLOCKS, SERIES);
            try (Child agent = site.agent()) {
                agent.await("all blocks to be packed", LIMIT, () -> isAllPacked(site));
            }
        }
    }

    private static boolean isAllPacked(FlakySite site) throws IOException {
        List<Path> items = site.items();
        return items.size() == site.blockCount()
                && items.stream()
                        .allMatch(item -> Files.exists(item.resolve("block.pack"))
                                && Files.notExists(item.resolve("index"))
                                && Files.notExists(item.resolve("chunks")));
    }

    /// The manifest of each pack is changed so that it lies, as one of a broken agent would.
    @ParameterizedTest
    @ValueSource(strings = {"packed", STORED})
    void theFilesFollowAPackThatTheCentreRejects(String transport) throws Exception {
        try (FlakySite site = FlakySite.open(dir, transport, Faults.seeded(SEED))) {
            site.addBlocks(BLOCKS, SERIES);
            try (Child agent = site.agent()) {
                agent.await(
                        "all manifests", LIMIT, () -> manifests(site.bucket()).size() == site.blockCount());
            }
            for (String key : manifests(site.bucket())) {
                forge(site.bucket(), key);
            }
            site.shipAll(LIMIT);
            site.assertEverythingArrivedOnce();
            assertThat(objects(site.bucket())).isEmpty();
        }
    }

    private static void forge(Bucket bucket, String key) throws IOException {
        Manifest manifest;
        try (InputStream in = bucket.get(key)) {
            manifest = Manifest.parseFrom(in);
        }
        assertThat(manifest.getCodec()).isEqualTo(Manifest.Codec.CODEC_PACK);
        Manifest.File first = manifest.getFiles(0).toBuilder()
                .setSha256(ByteString.copyFrom(new byte[32]))
                .build();
        bucket.put(key, Body.of(manifest.toBuilder().setFiles(0, first).build().toByteArray()));
    }

    private static List<String> manifests(Bucket bucket) throws IOException {
        return objects(bucket).stream()
                .filter(key -> key.endsWith("/manifest.pb"))
                .toList();
    }

    private static List<String> objects(Bucket bucket) throws IOException {
        return bucket.list(BucketLayout.INBOX, null, null, ListPage.KEYS_MAX).objects().stream()
                .map(ObjectInfo::key)
                .toList();
    }
}
