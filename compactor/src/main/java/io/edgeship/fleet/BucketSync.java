package io.edgeship.fleet;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.thanos.Mark;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.fleet.BucketBlock.SeenMark;
import io.edgeship.fleet.PartialBlock.State;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads the bucket: one listing of everything, and each meta.json, deletion mark and heartbeat that is new since the
/// last time. A meta.json never changes, so it is remembered as long as its block is there. Not thread-safe.
///
/// The rules of what is a block are those of Thanos' fetcher (`pkg/block/fetcher.go`, 0.43-dev), but for this:
/// nothing that one block does wrong ends the pass, a name that only reads leniently as a ULID is reported and left
/// alone, and a meta.json that somebody may understand is [State#HELD].
public final class BucketSync {
    private static final Log LOG = Log.of(BucketSync.class);
    private static final int MARK_BYTES_MAX = 64 << 10;

    /// In so many passes running a meta.json that cannot be read is taken for a store's hiccup.
    private static final int UNREAD_PASSES_MAX = 3;

    private final Bucket bucket;
    private final MetaCache metas;
    private final SiteReports reports = new SiteReports();
    private Map<BlockId, SeenMark> marks = new HashMap<>();
    private Map<BlockId, Integer> unread = new HashMap<>(); // in how many passes running

    private BucketSync(Bucket bucket, MetaCache metas) {
        this.bucket = bucket;
        this.metas = metas;
    }

    /// Remembers in memory only.
    public BucketSync(Bucket bucket) {
        this(bucket, new MetaCache(null));
    }

    /// Remembers every meta.json in `cacheDir` too, if there is one and it can be used.
    public static BucketSync cachedIn(@Nullable Path cacheDir, Bucket bucket) {
        MetaCacheDir dir = null;
        try {
            dir = cacheDir == null ? null : MetaCacheDir.open(cacheDir);
        } catch (IOException e) {
            LOG.warn("cache_dir cannot be used, remembering in memory only", e, "dir", cacheDir);
        }
        return new BucketSync(bucket, new MetaCache(dir));
    }

    /// @throws BucketException if the store cannot be read now; what one object does wrong is no exception
    public BucketView sync() throws IOException {
        return sync(_ -> {});
    }

    /// @param others is told of every object outside of blocks, in the order of the listing
    /// @throws BucketException if the store cannot be read now; what one object does wrong is no exception
    public BucketView sync(Consumer<ObjectInfo> others) throws IOException {
        Pass pass = new Pass(others);
        reports.begin();
        FolderListing.walk(bucket, pass);
        List<SiteReport> read = reports.read(pass.reader);
        if (pass.blocks.isEmpty()) {
            pass.reader.requireNotAllDenied();
        }
        metas.retain(pass.folders);
        marks = pass.marks;
        unread = pass.unread;
        return new BucketView(pass.blocks, pass.partial, read, reports.losses(), pass.strange);
    }

    /// What one listing gathers.
    private final class Pass implements FolderListing.Visitor {
        private final ObjectReader reader = new ObjectReader(bucket);
        private final List<BucketBlock> blocks = new ArrayList<>();
        private final List<PartialBlock> partial = new ArrayList<>();
        private final List<String> strange = new ArrayList<>();
        private final Set<BlockId> folders = new HashSet<>();
        private final Map<BlockId, SeenMark> marks = new HashMap<>();
        private final Map<BlockId, Integer> unread = new HashMap<>();
        private final Consumer<ObjectInfo> others;

        Pass(Consumer<ObjectInfo> others) {
            this.others = others;
        }

        @Override
        public void other(ObjectInfo object) {
            others.accept(object);
            reports.listed(object);
        }

        @Override
        public void block(String folder, List<ObjectInfo> objects, boolean tooMany) throws IOException {
            Optional<BlockId> id = BlockId.tryParse(folder);
            if (id.isEmpty()) {
                strange.add(folder);
                return;
            }
            folders.add(id.get());
            Map<String, ObjectInfo> files = new TreeMap<>();
            for (ObjectInfo object : objects) {
                files.put(object.key().substring(BlockId.LENGTH + 1), object);
            }
            ObjectInfo meta = files.get(BlockMeta.FILE_NAME);
            if (tooMany) {
                partial.add(partial(id.get(), State.HELD, files, "more objects than any block has"));
            } else if (meta == null) {
                partial.add(withoutMeta(id.get(), files));
            } else {
                withMeta(id.get(), meta, files);
            }
        }

        private PartialBlock withoutMeta(BlockId id, Map<String, ObjectInfo> files) {
            boolean deleting = files.containsKey(Mark.Deletion.FILE_NAME);
            if (deleting) {
                return partial(id, State.REMOVAL, files, "no meta.json, but a deletion mark");
            }
            return metas.knew(id)
                    ? partial(id, State.HELD, files, "its meta.json was there before and was not to be deleted")
                    : partial(id, State.UPLOAD, files, "no meta.json");
        }

        private void withMeta(BlockId id, ObjectInfo object, Map<String, ObjectInfo> files) throws IOException {
            Optional<BlockMeta> known = metas.get(id, object.eTag());
            if (known.isPresent()) {
                blocks.add(committed(known.get(), files));
                return;
            }
            switch (reader.read(object, MetaJson.BYTES_MAX)) {
                case ObjectReader.Outcome.Bytes(var json) -> fresh(id, object, json, files);
                case ObjectReader.Outcome.Gone _ ->
                    partial.add(partial(id, State.HELD, files, "meta.json was deleted meanwhile"));
                case ObjectReader.Outcome.Unreadable(var why) -> partial.add(partial(id, State.HELD, files, why));
                case ObjectReader.Outcome.Failed(var why) -> partial.add(partial(id, unread(id), files, why));
            }
        }

        private State unread(BlockId id) {
            int passes = BucketSync.this.unread.getOrDefault(id, 0) + 1;
            unread.put(id, passes);
            return passes <= UNREAD_PASSES_MAX ? State.UNREAD : State.HELD;
        }

        private void fresh(BlockId id, ObjectInfo object, byte[] json, Map<String, ObjectInfo> files)
                throws IOException {
            try {
                BlockMeta meta = BlockMeta.parse(object.key(), json);
                if (!meta.id().equals(id)) {
                    throw new CorruptFormatException(object.key(), 0, "ulid is " + meta.id());
                }
                BlockMeta slim = MetaJson.slim(meta);
                metas.put(object.eTag(), slim, json);
                blocks.add(committed(slim, files));
            } catch (CorruptFormatException | UnsupportedVersionException e) {
                State state = MetaJson.isTorn(json) ? State.TORN : State.HELD;
                partial.add(partial(id, state, files, String.valueOf(e.getMessage())));
            }
        }

        private BucketBlock committed(BlockMeta meta, Map<String, ObjectInfo> files) throws IOException {
            SeenMark mark = deletionMark(meta.id(), files.get(Mark.Deletion.FILE_NAME));
            if (mark != null && !mark.equals(SeenMark.UNREAD)) {
                marks.put(meta.id(), mark);
            }
            return new BucketBlock(
                    meta,
                    files.values().stream().mapToLong(ObjectInfo::sizeBytes).sum(),
                    BlockCheck.missing(meta, files),
                    BlockCheck.unexpected(meta, files),
                    mark,
                    files.containsKey(Mark.NoCompact.FILE_NAME),
                    files.containsKey(Mark.NoDownsample.FILE_NAME));
        }

        /// What nobody can read, or speaks of another block, counts as absent: the block stays.
        private @Nullable SeenMark deletionMark(BlockId id, @Nullable ObjectInfo object) throws IOException {
            SeenMark before = BucketSync.this.marks.get(id);
            if (object == null || (before != null && before.eTag().equals(object.eTag()))) {
                return object == null ? null : before;
            }
            return switch (reader.read(object, MARK_BYTES_MAX)) {
                case ObjectReader.Outcome.Gone _ -> null; // somebody took it back
                case ObjectReader.Outcome.Unreadable(var why) -> ignored(object, why);
                case ObjectReader.Outcome.Failed(var why) -> unreadMark(object, why);
                case ObjectReader.Outcome.Bytes(var json) -> parsed(id, object, json);
            };
        }
    }

    private static @Nullable SeenMark parsed(BlockId id, ObjectInfo object, byte[] json) throws IOException {
        try {
            Mark.Deletion mark = Mark.Deletion.parse(object.key(), json);
            if (!mark.id().equals(id)) {
                return ignored(object, "is the mark of " + mark.id());
            }
            long at = BucketBlock.millis(mark.at());
            return at > 0
                    ? new SeenMark(at, object.eTag(), mark.details().intern())
                    : ignored(object, "deletion_time is " + mark.at());
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            return ignored(object, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable SeenMark ignored(ObjectInfo mark, String why) {
        LOG.warn("deletion mark taken as absent, the block stays", "key", mark.key(), "why", why);
        return null;
    }

    private static SeenMark unreadMark(ObjectInfo mark, String why) {
        LOG.warn(
                "deletion mark cannot be read now, the block is neither used nor removed",
                "key",
                mark.key(),
                "why",
                why);
        return SeenMark.UNREAD;
    }

    private static PartialBlock partial(BlockId id, State state, Map<String, ObjectInfo> files, String why) {
        long newest = files.values().stream()
                .mapToLong(object -> object.lastModified().toEpochMilli())
                .max()
                .orElse(0);
        ObjectInfo meta = files.get(BlockMeta.FILE_NAME);
        return new PartialBlock(id, state, files.size(), newest, meta == null ? "" : meta.eTag(), why);
    }
}
