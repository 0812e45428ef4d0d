package io.edgeship.fleet;

import io.edgeship.block.BlockId;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Every meta.json read so far, by ULID: in memory, and on disk where a directory was configured. A block is
/// committed once, so an entry holds as long as the ETag of the object stays the same. Not thread-safe.
final class MetaCache {
    private final Map<BlockId, Entry> entries = new HashMap<>();
    private final @Nullable MetaCacheDir dir;

    /// @param eTag of the meta.json that `meta` was read from
    private record Entry(String eTag, BlockMeta meta) {}

    MetaCache(@Nullable MetaCacheDir dir) {
        this.dir = dir;
    }

    Optional<BlockMeta> get(BlockId id, String eTag) {
        Entry entry = entries.get(id);
        if (entry != null && entry.eTag().equals(eTag)) {
            return Optional.of(entry.meta());
        }
        Optional<BlockMeta> stored =
                dir == null ? Optional.empty() : dir.load(id, eTag).flatMap(json -> parse(id, json));
        stored.ifPresent(meta -> entries.put(id, new Entry(eTag, meta)));
        return stored;
    }

    /// Whether the block was seen committed before, whatever its meta.json is now.
    boolean knew(BlockId id) {
        return entries.containsKey(id) || (dir != null && dir.has(id));
    }

    void put(String eTag, BlockMeta meta, byte[] json) {
        entries.put(meta.id(), new Entry(eTag, meta));
        if (dir != null) {
            dir.store(meta.id(), eTag, json);
        }
    }

    /// Forgets all blocks but these.
    void retain(Set<BlockId> ids) {
        entries.keySet().retainAll(ids);
        if (dir != null) {
            dir.retain(ids);
        }
    }

    private static Optional<BlockMeta> parse(BlockId id, byte[] json) {
        try {
            BlockMeta meta = BlockMeta.parse(id + " in the cache", json);
            return meta.id().equals(id) ? Optional.of(MetaJson.slim(meta)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // an older build may have stored what this one refuses: the bucket decides
        }
    }
}
