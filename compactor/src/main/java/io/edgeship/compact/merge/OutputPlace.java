package io.edgeship.compact.merge;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.Mark;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.OpenUpload;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The folder `<ULID>/` that a new block is to have, as it is before anything is written.
final class OutputPlace {
    private static final Log LOG = Log.of(OutputPlace.class);
    private static final int OBJECTS_MAX = 100_000;

    private final Bucket bucket;
    private final BlockId id;
    private final Map<String, ObjectInfo> there;

    private OutputPlace(Bucket bucket, BlockId id, Map<String, ObjectInfo> there) {
        this.bucket = bucket;
        this.id = id;
        this.there = there;
    }

    static OutputPlace look(Bucket bucket, BlockId id) throws IOException {
        Map<String, ObjectInfo> there = new TreeMap<>();
        String token = null;
        do {
            ListPage page = bucket.list(id + "/", null, token, ListPage.KEYS_MAX);
            page.objects().forEach(object -> there.put(object.key().substring(BlockId.LENGTH + 1), object));
            token = page.next();
        } while (token != null && there.size() < OBJECTS_MAX);
        return new OutputPlace(bucket, id, there);
    }

    /// The block, where a run before has committed it: the same sources under the same rule make the same block (I4).
    ///
    /// @param wanted what it is to be, files and counts aside
    /// @throws InTheWayException if another block is there, or it is being deleted
    Optional<BucketBlock> committed(BlockMeta wanted) throws IOException {
        if (there.containsKey(Mark.Deletion.FILE_NAME)) {
            throw new InTheWayException(id, "a block of this ULID is marked for deletion");
        }
        if (!there.containsKey(BlockMeta.FILE_NAME)) {
            return Optional.empty();
        }
        if (there.containsKey(Mark.NoCompact.FILE_NAME) && there.containsKey(Mark.NoDownsample.FILE_NAME)) {
            throw new InTheWayException(id, "the block of this ULID is set aside by its marks");
        }
        BlockMeta found = MetaFile.read(bucket, BucketLayout.metaKey(id))
                .orElseThrow(() -> new StalePlanException(id + " was deleted just now"));
        Optional<String> difference = difference(wanted, found);
        if (difference.isPresent()) {
            throw new InTheWayException(id, "another block is there: " + difference.get());
        }
        long bytes = there.values().stream().mapToLong(ObjectInfo::sizeBytes).sum();
        return Optional.of(BucketBlock.committed(found, bytes));
    }

    private Optional<String> difference(BlockMeta wanted, BlockMeta found) {
        ThanosMeta ours = wanted.thanos();
        ThanosMeta theirs = found.thanos();
        if (ours == null || theirs == null) {
            return Optional.of("it has no thanos section");
        }
        boolean isSame = found.id().equals(wanted.id())
                && found.range().equals(wanted.range())
                && found.compaction().sources().equals(wanted.compaction().sources())
                && theirs.labels().equals(ours.labels())
                && theirs.resolutionMillis() == ours.resolutionMillis();
        if (!isSame) {
            return Optional.of("its range, sources, labels or resolution differ");
        }
        for (BlockFile file : theirs.files()) {
            ObjectInfo object = there.get(file.relativePath());
            if (object == null || (file.sizeBytes() > 0 && object.sizeBytes() != file.sizeBytes())) {
                return Optional.of(file.relativePath() + " is not there with the size that it lists");
            }
        }
        return Optional.empty();
    }

    /// Drops uploads that a killed run left open. Whoever may not ask leaves them to the cleaner.
    void dropUnfinished() throws BucketException {
        try {
            for (OpenUpload upload : bucket.listUploads(id + "/")) {
                bucket.abortUpload(upload.key(), upload.uploadId());
            }
        } catch (BucketException.AccessDenied | BucketException.Unsupported | BucketException.Refused e) {
            LOG.debug("open uploads cannot be dropped", "block", id, "err", e.getMessage());
        }
    }

    /// Removes what a killed run left and this one did not write over: readers of old list a block's segments.
    ///
    /// @param written by their paths
    void removeOthers(Set<String> written) throws BucketException {
        List<String> others = new ArrayList<>();
        for (String path : there.keySet()) {
            boolean isData = path.startsWith("chunks/") || path.equals(SourceFiles.INDEX);
            if (isData && !written.contains(path)) {
                others.add(BucketLayout.key(id, path));
            }
        }
        if (!others.isEmpty()) {
            LOG.info("what an unfinished run left is removed", "block", id, "objects", others.size());
            bucket.deleteAll(others);
        }
    }
}
