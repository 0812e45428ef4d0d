package io.edgeship.fleet;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.Mark;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads the bucket: one listing of everything, and each meta.json, mark and heartbeat that is new since the last time.
/// A
/// meta.json never changes, so it is remembered as long as its block is there. Not thread-safe.
///
/// The rules of what is a block are those of Thanos' fetcher (`pkg/block/fetcher.go`, 0.43-dev), with one difference: a
/// name
/// that only reads leniently as a ULID is reported and left alone.
public final class BucketSync {
    private static final Log LOG = Log.of(BucketSync.class);
    private static final int META_BYTES_MAX = 16 << 20;
    private static final int HEARTBEAT_BYTES_MAX = 1 << 20;
    private static final int HEARTBEAT_VERSION = 1;
    private static final String HEARTBEAT = "/heartbeat.pb";

    private final Bucket bucket;
    private final Map<BlockId, Remembered> remembered = new HashMap<>();

    /// @param eTag of the meta.json that `meta` was read from
    private record Remembered(String eTag, BlockMeta meta) {}

    public BucketSync(Bucket bucket) {
        this.bucket = bucket;
    }

    /// @throws BucketException if the store cannot be read now; what one block does wrong is no exception
    public BucketView sync() throws IOException {
        Map<String, List<ObjectInfo>> folders = new TreeMap<>();
        List<ObjectInfo> heartbeats = new ArrayList<>();
        list(folders, heartbeats);
        List<BucketBlock> blocks = new ArrayList<>();
        List<PartialBlock> partial = new ArrayList<>();
        List<String> strange = new ArrayList<>();
        for (Map.Entry<String, List<ObjectInfo>> folder : folders.entrySet()) {
            if (BlockId.tryParse(folder.getKey()).isEmpty()) {
                strange.add(folder.getKey());
            } else {
                sort(BlockId.parse(folder.getKey()), folder.getValue(), blocks, partial);
            }
        }
        remembered.keySet().removeIf(id -> !folders.containsKey(id.toString()));
        return new BucketView(blocks, partial, heartbeats(heartbeats), strange);
    }

    private void list(Map<String, List<ObjectInfo>> folders, List<ObjectInfo> heartbeats) throws BucketException {
        String token = null;
        do {
            ListPage page = bucket.list("", null, token, ListPage.KEYS_MAX);
            for (ObjectInfo object : page.objects()) {
                int slash = object.key().indexOf('/');
                String folder = slash < 0 ? "" : object.key().substring(0, slash);
                if (looksLikeBlock(folder)) {
                    folders.computeIfAbsent(folder, _ -> new ArrayList<>()).add(object);
                } else if (object.key().startsWith(BucketLayout.SITES)
                        && object.key().endsWith(HEARTBEAT)) {
                    heartbeats.add(object);
                }
            }
            token = page.next();
        } while (token != null);
    }

    /// What Thanos takes for a block: 26 characters, the first at most 7.
    static boolean looksLikeBlock(String folder) {
        return folder.length() == BlockId.LENGTH && folder.charAt(0) >= '0' && folder.charAt(0) <= '7';
    }

    private void sort(BlockId id, List<ObjectInfo> objects, List<BucketBlock> blocks, List<PartialBlock> partial)
            throws IOException {
        Map<String, ObjectInfo> files = new TreeMap<>();
        for (ObjectInfo object : objects) {
            files.put(object.key().substring(BlockId.LENGTH + 1), object);
        }
        ObjectInfo metaObject = files.get(BlockMeta.FILE_NAME);
        String why = "no meta.json";
        if (metaObject != null) {
            try {
                BlockMeta meta = meta(id, metaObject);
                blocks.add(block(meta, files));
                return;
            } catch (CorruptFormatException | UnsupportedVersionException e) {
                why = String.valueOf(e.getMessage());
            } catch (BucketException.NotFound e) {
                why = "meta.json was deleted meanwhile";
            }
        }
        long newest = objects.stream()
                .mapToLong(object -> object.lastModified().toEpochMilli())
                .max()
                .orElse(0);
        partial.add(new PartialBlock(
                id.toString(), objects.stream().map(ObjectInfo::key).toList(), newest, why));
    }

    private BlockMeta meta(BlockId id, ObjectInfo object) throws IOException {
        Remembered before = remembered.get(id);
        if (before != null && before.eTag().equals(object.eTag())) {
            return before.meta();
        }
        BlockMeta meta = BlockMeta.parse(object.key(), read(object, META_BYTES_MAX));
        if (!meta.id().equals(id)) {
            throw new CorruptFormatException(object.key(), 0, "ulid is " + meta.id());
        }
        remembered.put(id, new Remembered(object.eTag(), meta));
        return meta;
    }

    private BucketBlock block(BlockMeta meta, Map<String, ObjectInfo> files) throws IOException {
        long size = files.values().stream().mapToLong(ObjectInfo::sizeBytes).sum();
        return new BucketBlock(
                meta,
                size,
                missing(meta, files),
                deletionMarkedAt(meta.id(), files),
                files.containsKey(Mark.NoCompact.FILE_NAME));
    }

    /// Compares what the meta.json lists with what is there; without a list, index and a first segment must be.
    static List<String> missing(BlockMeta meta, Map<String, ObjectInfo> files) {
        ThanosMeta thanos = meta.thanos();
        List<String> missing = new ArrayList<>();
        if (thanos == null || thanos.files().isEmpty()) {
            for (String file : List.of("index", "chunks/000001")) {
                if (!files.containsKey(file) && meta.stats().numChunks() > 0) {
                    missing.add(file);
                }
            }
            return missing;
        }
        for (BlockFile file : thanos.files()) {
            ObjectInfo there = files.get(file.relativePath());
            boolean sizeKnown = file.sizeBytes() > 0;
            if (there == null || (sizeKnown && there.sizeBytes() != file.sizeBytes())) {
                missing.add(file.relativePath());
            }
        }
        return missing;
    }

    private long deletionMarkedAt(BlockId id, Map<String, ObjectInfo> files) throws IOException {
        ObjectInfo mark = files.get(Mark.Deletion.FILE_NAME);
        if (mark == null) {
            return 0;
        }
        try {
            return BucketBlock.millis(
                    Mark.Deletion.parse(mark.key(), read(mark, META_BYTES_MAX)).at());
        } catch (BucketException.NotFound e) {
            return 0; // somebody took the mark back meanwhile: the block stays
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            LOG.warn("deletion mark cannot be read, taken as absent", e, "block", id);
            return 0;
        }
    }

    private List<Heartbeat> heartbeats(List<ObjectInfo> objects) throws IOException {
        List<Heartbeat> heartbeats = new ArrayList<>();
        for (ObjectInfo object : objects) {
            try {
                Heartbeat heartbeat = Heartbeat.parseFrom(read(object, HEARTBEAT_BYTES_MAX));
                boolean ownPlace =
                        object.key().equals(BucketLayout.heartbeatKey(heartbeat.getSite(), heartbeat.getIncarnation()));
                if (ownPlace && heartbeat.getVersion() == HEARTBEAT_VERSION) {
                    heartbeats.add(heartbeat);
                } else {
                    LOG.warn("heartbeat passed over: another site's name or an unknown version", "key", object.key());
                }
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                LOG.warn("heartbeat cannot be read, passed over", e, "key", object.key());
            }
        }
        return heartbeats;
    }

    private byte[] read(ObjectInfo object, int bytesMax) throws IOException {
        try (InputStream in = bucket.get(object.key())) {
            return in.readNBytes(bytesMax);
        }
    }
}
