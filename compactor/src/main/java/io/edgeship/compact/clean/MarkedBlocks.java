package io.edgeship.compact.clean;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.Mark;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Removes blocks whose deletion marks are old enough, many in a few requests: their folders are listed together,
/// then go in three waves, so that the order of [Removal] holds for each of them. First the meta.json of all, then
/// everything else, then the marks. What a crash leaves has its mark, and no meta.json.
final class MarkedBlocks {
    /// A few files each, and a request deletes a thousand.
    static final int BLOCKS_MAX = 200;

    /// Beside the files that a meta.json lists: itself and marks.
    private static final int OTHER_FILES = 2;

    private final Bucket bucket;
    private final List<ListingCover.Folder> known;

    MarkedBlocks(Bucket bucket, BucketView view) {
        this.bucket = bucket;
        List<ListingCover.Folder> folders = new ArrayList<>();
        view.blocks().forEach(block -> folders.add(folder(block)));
        view.partial()
                .forEach(block -> folders.add(new ListingCover.Folder(block.id().toString(), block.objects(), false)));
        folders.sort(Comparator.comparing(ListingCover.Folder::name));
        known = folders;
    }

    private static ListingCover.Folder folder(BucketBlock block) {
        ThanosMeta thanos = block.meta().thanos();
        int files = thanos == null
                ? 0
                : Math.max(thanos.files().size(), thanos.segmentFiles().size() + 1);
        return new ListingCover.Folder(block.meta().id().toString(), files + OTHER_FILES, false);
    }

    /// A block and the mark that it was seen with.
    record Marked(BlockId id, BucketBlock.SeenMark mark) {}

    /// @param marked at most [#BLOCKS_MAX]
    /// @return those that are gone; the others' marks were taken back or set anew
    Set<BlockId> remove(List<Marked> marked) throws BucketException {
        Map<BlockId, Map<String, ObjectInfo>> folders = list(marked);
        Set<BlockId> removed = new HashSet<>();
        List<String> metas = new ArrayList<>();
        List<String> others = new ArrayList<>();
        List<String> marks = new ArrayList<>();
        for (Marked block : marked) {
            BlockId id = block.id();
            Map<String, ObjectInfo> objects = folders.getOrDefault(id, Map.of());
            if (!Removal.isStillMarked(objects, id, block.mark())) {
                continue;
            }
            for (String key : objects.keySet()) {
                boolean isMark = key.equals(BucketLayout.key(id, Mark.Deletion.FILE_NAME));
                (key.equals(BucketLayout.metaKey(id)) ? metas : isMark ? marks : others).add(key);
            }
            removed.add(id);
        }
        for (List<String> wave : List.of(metas, others, marks)) {
            if (!wave.isEmpty()) {
                bucket.deleteAll(wave.stream().sorted().toList());
            }
        }
        return removed;
    }

    private Map<BlockId, Map<String, ObjectInfo>> list(List<Marked> marked) throws BucketException {
        Set<String> wanted = new HashSet<>();
        marked.forEach(block -> wanted.add(block.id().toString()));
        List<ListingCover.Folder> folders = known.stream()
                .map(folder -> new ListingCover.Folder(folder.name(), folder.objects(), wanted.contains(folder.name())))
                .toList();
        Map<BlockId, Map<String, ObjectInfo>> objects = new HashMap<>();
        int count = 0;
        for (String prefix : ListingCover.of(folders)) {
            String token = null;
            do {
                ListPage page = bucket.list(prefix, null, token, ListPage.KEYS_MAX);
                for (ObjectInfo object : page.objects()) {
                    String key = object.key();
                    if (key.indexOf('/') == BlockId.LENGTH && wanted.contains(key.substring(0, BlockId.LENGTH))) {
                        objects.computeIfAbsent(BucketLayout.blockOf(key).orElseThrow(), _ -> new HashMap<>())
                                .put(key, object);
                        count++;
                    }
                }
                Removal.requireFew(count);
                token = page.next();
            } while (token != null);
        }
        return objects;
    }
}
