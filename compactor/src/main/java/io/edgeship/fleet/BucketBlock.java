package io.edgeship.fleet;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A committed block in the bucket.
///
/// @param sizeBytes what lies under its ULID
/// @param meta without keys that this build does not know: not to be written back
/// @param missing   files that its meta.json lists and that are not there with that size; such a block cannot be
///     read
/// @param unexpected files under `chunks/` that it does not list; Thanos may read the wrong chunks
/// @param deletionMark or null without one that can be read
/// @param noCompact   whether the mark is there; like the next, it says all by being there and is not read
/// @param noDownsample whether the mark is there
public record BucketBlock(
        BlockMeta meta,
        long sizeBytes,
        List<String> missing,
        List<String> unexpected,
        @Nullable SeenMark deletionMark,
        boolean noCompact,
        boolean noDownsample) {
    /// What writers call themselves (`thanos.source`) whose blocks Thanos takes at once: no other upload of the same
    /// data can be under way.
    public static final Set<String> NEVER_YOUNG = Set.of("compactor", "compactor.repair", "bucket.repair");

    /// @param atMillis what the mark says, more than zero
    /// @param eTag     of the mark: one that was taken back and set anew is another
    /// @param details  in the words of whoever set it
    public record SeenMark(long atMillis, String eTag, String details) {
        /// A mark that is there and could not be read in this pass: nobody uses the block, and nobody removes it.
        public static final SeenMark UNREAD = new SeenMark(Long.MAX_VALUE, "", "could not be read just now");
    }

    public BucketBlock {
        missing = List.copyOf(missing);
        unexpected = List.copyOf(unexpected);
    }

    /// A block that was committed just now, every file of it compared.
    public static BucketBlock committed(BlockMeta meta, long sizeBytes) {
        return new BucketBlock(MetaJson.slim(meta), sizeBytes, List.of(), List.of(), null, false, false);
    }

    /// This block once it was marked.
    public BucketBlock withDeletionMark(SeenMark mark) {
        return new BucketBlock(meta, sizeBytes, missing, unexpected, mark, noCompact, noDownsample);
    }

    /// This block once it was marked.
    public BucketBlock withNoCompactMark() {
        return new BucketBlock(meta, sizeBytes, missing, unexpected, deletionMark, true, noDownsample);
    }

    /// This block once it was marked.
    public BucketBlock withNoDownsampleMark() {
        return new BucketBlock(meta, sizeBytes, missing, unexpected, deletionMark, noCompact, true);
    }

    /// Whether nobody may make anything of it any more: so the compactor marks a block that is broken. It stands for
    /// no other.
    public boolean isSetAside() {
        return noCompact && noDownsample;
    }

    public Map<String, String> labels() {
        ThanosMeta thanos = meta.thanos();
        return thanos == null ? Map.of() : thanos.labels();
    }

    public long resolutionMillis() {
        ThanosMeta thanos = meta.thanos();
        return thanos == null ? 0 : thanos.resolutionMillis();
    }

    /// What wrote it calls itself so; empty where it says nothing.
    public String source() {
        ThanosMeta thanos = meta.thanos();
        return thanos == null ? "" : thanos.source();
    }

    /// Whether an Edgeship compactor made it, see [MadeHere].
    public boolean isMadeHere() {
        return MadeHere.isNoted(meta);
    }

    /// Level-1 blocks whose samples it holds (I9). One that names none, as no compactor writes it, is its own.
    public List<BlockId> sources() {
        List<BlockId> sources = meta.compaction().sources();
        return sources.isEmpty() ? List.of(meta.id()) : sources;
    }

    public boolean isComplete() {
        return missing.isEmpty();
    }

    /// Milliseconds since the epoch; a time too far away to be said so is the nearest that can. What a block claims
    /// is hostile input, and [Instant#toEpochMilli] throws.
    public static long millis(Instant time) {
        long secondsMax = Long.MAX_VALUE / 1000 - 1;
        return Math.clamp(time.getEpochSecond(), -secondsMax, secondsMax) * 1000 + time.getNano() / 1_000_000;
    }
}
