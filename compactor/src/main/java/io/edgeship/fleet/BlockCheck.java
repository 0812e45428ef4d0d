package io.edgeship.fleet;

import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.ObjectInfo;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Compares what a committed block should consist of with what lies in its folder. Pure functions.
final class BlockCheck {
    private static final String CHUNKS = "chunks/";
    private static final String INDEX = "index";
    private static final String FIRST_SEGMENT = CHUNKS + "000001";

    private BlockCheck() {}

    /// Files that are not there, or not with the size that the meta.json gives.
    ///
    /// @param there by path below the block's folder
    static List<String> missing(BlockMeta meta, Map<String, ObjectInfo> there) {
        return wanted(meta).entrySet().stream()
                .filter(file -> !isThere(file.getValue(), there.get(file.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Files under `chunks/` that the block does not list: Thanos numbers segments by their order in the listing
    /// where `segment_files` is missing, so a stray object makes it read the wrong chunks.
    static List<String> unexpected(BlockMeta meta, Map<String, ObjectInfo> there) {
        SortedMap<String, Long> wanted = wanted(meta);
        ThanosMeta thanos = meta.thanos();
        boolean listed = thanos != null
                && !(thanos.files().isEmpty() && thanos.segmentFiles().isEmpty());
        if (!listed) {
            for (int segment = 1; there.containsKey(segment(segment)); segment++) {
                wanted.put(segment(segment), 0L);
            }
        }
        return there.keySet().stream()
                .filter(file -> file.startsWith(CHUNKS) && !wanted.containsKey(file))
                .sorted()
                .toList();
    }

    /// Path and size, zero where the size is not known.
    private static SortedMap<String, Long> wanted(BlockMeta meta) {
        SortedMap<String, Long> wanted = new TreeMap<>();
        ThanosMeta thanos = meta.thanos();
        if (thanos != null) {
            thanos.segmentFiles().forEach(segment -> wanted.put(CHUNKS + segment, 0L));
            for (BlockFile file : thanos.files()) {
                wanted.merge(file.relativePath(), file.sizeBytes(), Math::max);
            }
        }
        if (meta.stats().numChunks() > 0) {
            wanted.putIfAbsent(INDEX, 0L);
            if (wanted.keySet().stream().noneMatch(file -> file.startsWith(CHUNKS))) {
                wanted.put(FIRST_SEGMENT, 0L);
            }
        }
        return wanted;
    }

    private static boolean isThere(long sizeBytes, @Nullable ObjectInfo object) {
        return object != null && (sizeBytes == 0 || object.sizeBytes() == sizeBytes);
    }

    private static String segment(int number) {
        return CHUNKS + "%06d".formatted(number);
    }
}
