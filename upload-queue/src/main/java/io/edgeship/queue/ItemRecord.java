package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.rewrite.RewriteCounts;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `item.json`: what makes an item's directory self-describing. The package page lists its keys.
///
/// @param origins level-1 blocks whose samples the item holds, where the agent wrote it anew; else none, for
///     `meta.json` says so
/// @param seal    present once the item was sealed
record ItemRecord(
        ItemKind kind,
        BlockId id,
        String source,
        Instant takenAt,
        long sizeBytes,
        long copiedBytes,
        List<BlockId> origins,
        Optional<Seal> seal) {
    static final String FILE = "item.json";
    static final int VERSION = 1;

    ItemRecord {
        origins = List.copyOf(origins);
    }

    record Seal(TimeRange range, Instant at) {}

    ItemRecord sealed(TimeRange range, Instant at) {
        return new ItemRecord(
                kind, id, source, takenAt, sizeBytes, copiedBytes, origins, Optional.of(new Seal(range, at)));
    }

    ItemRecord sized(long bytes, long copied) {
        return new ItemRecord(kind, id, source, takenAt, bytes, copied, origins, seal);
    }

    Incoming incoming(Path dir) {
        return new Incoming(kind, id, dir, source, takenAt, sizeBytes, copiedBytes);
    }

    Item item(Path dir) {
        Seal sealed = seal.orElseThrow(() -> new IllegalStateException(dir + " was never sealed"));
        return new Item(kind, id, sealed.range(), dir, source, sealed.at(), sizeBytes, copiedBytes);
    }

    /// @throws UnsupportedVersionException if a newer agent wrote it: leave the item alone
    /// @throws CorruptFormatException      if it is damaged, or belongs to another directory
    static ItemRecord read(Path dir, BlockId id) throws IOException {
        Path file = dir.resolve(FILE);
        JsonObject json = SpoolJson.read(file);
        int version = Math.toIntExact(Math.clamp(json.requiredInteger("version"), 0, Integer.MAX_VALUE));
        Optional<ItemKind> kind = ItemKind.tryParse(json.requiredText("kind"));
        if (version > VERSION || kind.isEmpty()) {
            throw new UnsupportedVersionException(file.toString(), version, VERSION);
        }
        if (!json.requiredText("ulid").equals(id.toString())) {
            throw json.corrupt("ulid", "is %s in the directory of %s".formatted(json.requiredText("ulid"), id));
        }
        Optional<Seal> seal = json.has("sealed_at")
                ? Optional.of(new Seal(SpoolJson.range(json), SpoolJson.instant(json, "sealed_at")))
                : Optional.empty();
        return new ItemRecord(
                kind.get(),
                id,
                json.requiredText("source"),
                SpoolJson.instant(json, "taken_at"),
                json.requiredInteger("size_bytes"),
                json.requiredInteger("copied_bytes"),
                SpoolJson.blocks(json, "origins"),
                seal);
    }

    /// What can still be said of an item whose `item.json` is gone or damaged.
    static ItemRecord rebuild(Path dir, BlockId id, Instant now) throws IOException {
        Instant takenAt = Files.getLastModifiedTime(dir).toInstant();
        ItemKind kind = SegmentFiles.isSegment(dir) ? ItemKind.LOGS : ItemKind.BLOCK;
        return new ItemRecord(
                kind,
                id,
                "",
                takenAt.isAfter(now) ? now : takenAt,
                switch (kind) {
                    case BLOCK -> Packs.blockBytes(dir);
                    case LOGS -> SegmentFiles.linkedBytes(dir);
                },
                0,
                madeOf(dir),
                Optional.empty());
    }

    /// The blocks that a block which was written anew was made of directly: the best that is left of its origins.
    private static List<BlockId> madeOf(Path dir) throws IOException {
        try {
            ThanosMeta thanos = BlockMeta.read(dir.resolve(BlockFiles.META)).thanos();
            return thanos == null
                    ? List.of()
                    : SpoolJson.blocks(thanos.original().object("extensions").object(RewriteCounts.EXTENSION), "of");
        } catch (CorruptFormatException | UnsupportedVersionException | NoSuchFileException _) {
            return List.of(); // verifying it sets it aside
        }
    }

    byte[] toJson() {
        JsonObject json = JsonObject.empty()
                .with("version", VERSION)
                .with("kind", kind.label())
                .with("ulid", id.toString())
                .with("source", source)
                .with("taken_at", takenAt.toString());
        if (seal.isPresent()) {
            json = json.with("sealed_at", seal.get().at().toString())
                    .with("min_time", seal.get().range().minTime())
                    .with("max_time", seal.get().range().maxTime());
        }
        return json.with("size_bytes", sizeBytes)
                .with("copied_bytes", copiedBytes)
                .withUnlessEmpty("origins", SpoolJson.texts(origins))
                .toIndentedBytes();
    }
}
