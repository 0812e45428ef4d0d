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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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

    /// Folders whose meta.json is asked for while earlier ones are looked at.
    private static final int AHEAD_MAX = 16;

    private final Bucket bucket;
    private final int ahead;
    private final MetaCache metas;
    private final SiteReports reports = new SiteReports();
    private Map<BlockId, SeenMark> marks = new HashMap<>();
    private Map<BlockId, Integer> unread = new HashMap<>(); // in how many passes running

    private BucketSync(Bucket bucket, int ahead, MetaCache metas) {
        this.bucket = bucket;
        this.ahead = ahead;
        this.metas = metas;
    }

    /// Remembers in memory only, and makes one request after the other, so that a test can say which comes when.
    public BucketSync(Bucket bucket) {
        this(bucket, 0, new MetaCache(null));
    }

    /// Remembers every meta.json in `cacheDir` too, if there is one and it can be used. Of a remote store several
    /// objects are asked for at once.
    public static BucketSync cachedIn(@Nullable Path cacheDir, Bucket bucket) {
        MetaCacheDir dir = null;
        try {
            dir = cacheDir == null ? null : MetaCacheDir.open(cacheDir);
        } catch (IOException e) {
            LOG.warn("cache_dir cannot be used, remembering in memory only", e, "dir", cacheDir);
        }
        return new BucketSync(bucket, bucket.isLocal() ? 0 : AHEAD_MAX, new MetaCache(dir));
    }

    /// @throws BucketException if the store cannot be read now; what one object does wrong is no exception
    public BucketView sync() throws IOException {
        return sync(_ -> {});
    }

    /// @param others is told of every object outside of blocks, in the order of the listing
    /// @throws BucketException if the store cannot be read now; what one object does wrong is no exception
    public BucketView sync(Consumer<ObjectInfo> others) throws IOException {
        try (ObjectReader reader = new ObjectReader(bucket, 1 + ahead)) {
            return sync(new Pass(reader, others), reader);
        }
    }

    private BucketView sync(Pass pass, ObjectReader reader) throws IOException {
        reports.begin();
        FolderListing.walk(bucket, pass);
        pass.finish();
        List<SiteReport> read = reports.read(reader);
        if (pass.blocks.isEmpty()) {
            reader.requireNotAllDenied();
        }
        metas.retain(pass.folders);
        marks = pass.marks;
        unread = pass.unread;
        return new BucketView(pass.blocks, pass.partial, read, reports.losses(), pass.strange);
    }

    /// @param known what is remembered of its meta.json
    /// @param meta  where nothing is
    /// @param mark  where there is a deletion mark that was not seen before
    private record Folder(
            BlockId id,
            Map<String, ObjectInfo> files,
            Optional<BlockMeta> known,
            ObjectReader.@Nullable Begun meta,
            ObjectReader.@Nullable Begun mark) {}

    /// What one listing gathers.
    private final class Pass implements FolderListing.Visitor {
        private final ObjectReader reader;
        private final Deque<Folder> pending = new ArrayDeque<>();
        private final List<BucketBlock> blocks = new ArrayList<>();
        private final List<PartialBlock> partial = new ArrayList<>();
        private final List<String> strange = new ArrayList<>();
        private final Set<BlockId> folders = new HashSet<>();
        private final Map<BlockId, SeenMark> marks = new HashMap<>();
        private final Map<BlockId, Integer> unread = new HashMap<>();
        private final Consumer<ObjectInfo> others;

        Pass(ObjectReader reader, Consumer<ObjectInfo> others) {
            this.reader = reader;
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
            if (tooMany) {
                partial.add(partial(id.get(), State.HELD, files, "more objects than any block has"));
                return;
            }
            pending.add(begin(id.get(), files));
            if (pending.size() > ahead) {
                look(pending.remove());
            }
        }

        void finish() throws IOException {
            while (!pending.isEmpty()) {
                look(pending.remove());
            }
        }

        private Folder begin(BlockId id, Map<String, ObjectInfo> files) {
            ObjectInfo meta = files.get(BlockMeta.FILE_NAME);
            if (meta == null) {
                return new Folder(id, files, Optional.empty(), null, null);
            }
            Optional<BlockMeta> known = metas.get(id, meta.eTag());
            return new Folder(
                    id,
                    files,
                    known,
                    known.isPresent() ? null : reader.begin(meta, MetaJson.BYTES_MAX),
                    begin(id, files.get(Mark.Deletion.FILE_NAME)));
        }

        private ObjectReader.@Nullable Begun begin(BlockId id, @Nullable ObjectInfo mark) {
            SeenMark before = BucketSync.this.marks.get(id);
            boolean isKnown = mark != null && before != null && before.eTag().equals(mark.eTag());
            return mark == null || isKnown ? null : reader.begin(mark, MARK_BYTES_MAX);
        }

        private void look(Folder folder) throws IOException {
            ObjectInfo meta = folder.files().get(BlockMeta.FILE_NAME);
            if (meta == null) {
                partial.add(withoutMeta(folder.id(), folder.files()));
            } else if (folder.meta() == null) {
                blocks.add(committed(folder.known().orElseThrow(), folder));
            } else {
                withMeta(folder, meta, folder.meta().await());
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

        private void withMeta(Folder folder, ObjectInfo object, ObjectReader.Outcome outcome) throws IOException {
            BlockId id = folder.id();
            Map<String, ObjectInfo> files = folder.files();
            switch (outcome) {
                case ObjectReader.Outcome.Bytes(var json) -> fresh(folder, object, json);
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

        private void fresh(Folder folder, ObjectInfo object, byte[] json) throws IOException {
            try {
                BlockMeta meta = BlockMeta.parse(object.key(), json);
                if (!meta.id().equals(folder.id())) {
                    throw new CorruptFormatException(object.key(), 0, "ulid is " + meta.id());
                }
                BlockMeta slim = MetaJson.slim(meta);
                metas.put(object.eTag(), slim, json);
                blocks.add(committed(slim, folder));
            } catch (CorruptFormatException | UnsupportedVersionException e) {
                State state = MetaJson.isTorn(json) ? State.TORN : State.HELD;
                partial.add(partial(folder.id(), state, folder.files(), String.valueOf(e.getMessage())));
            }
        }

        private BucketBlock committed(BlockMeta meta, Folder folder) throws IOException {
            Map<String, ObjectInfo> files = folder.files();
            SeenMark mark = deletionMark(folder, files.get(Mark.Deletion.FILE_NAME));
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
        private @Nullable SeenMark deletionMark(Folder folder, @Nullable ObjectInfo object) throws IOException {
            if (object == null || folder.mark() == null) {
                return object == null ? null : BucketSync.this.marks.get(folder.id());
            }
            return switch (folder.mark().await()) {
                case ObjectReader.Outcome.Gone _ -> null; // somebody took it back
                case ObjectReader.Outcome.Unreadable(var why) -> ignored(object, why);
                case ObjectReader.Outcome.Failed(var why) -> unreadMark(object, why);
                case ObjectReader.Outcome.Bytes(var json) -> parsed(folder.id(), object, json);
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
