package io.edgeship.block.tsdb;

import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tells the same block, shipped twice, from two blocks that bear one ULID. Who shipped it and when
/// (`source`, `upload_time`) makes no difference.
public final class BlockDifference {
    private BlockDifference() {}

    /// What differs, in words; empty for the same block.
    public static Optional<String> between(BlockMeta ours, BlockMeta theirs) {
        ThanosMeta our = ours.thanos();
        ThanosMeta their = theirs.thanos();
        if (our == null || their == null) {
            return Optional.of("one has no thanos section");
        }
        return differ("ulid", ours.id(), theirs.id())
                .or(() -> differ("time range", ours.range(), theirs.range()))
                .or(() -> differ(
                        "sources",
                        ours.compaction().sources(),
                        theirs.compaction().sources()))
                .or(() -> differ("labels", our.labels(), their.labels()))
                .or(() -> differ("resolution", our.resolutionMillis(), their.resolutionMillis()))
                .or(() -> filesDiffer(our, their));
    }

    private static Optional<String> differ(String field, Object ours, Object theirs) {
        return ours.equals(theirs)
                ? Optional.empty()
                : Optional.of("%s is %s, ours is %s".formatted(field, theirs, ours));
    }

    /// An old Thanos lists no files: then their bytes, which are compared anyway, must do.
    private static Optional<String> filesDiffer(ThanosMeta ours, ThanosMeta theirs) {
        if (theirs.files().isEmpty()) {
            return Optional.empty();
        }
        Map<String, BlockFile> ourFiles = data(ours);
        Map<String, BlockFile> theirFiles = data(theirs);
        Optional<String> names = differ("file list", ourFiles.keySet(), theirFiles.keySet());
        if (names.isPresent()) {
            return names;
        }
        for (BlockFile our : ourFiles.values()) {
            BlockFile their = Objects.requireNonNull(theirFiles.get(our.relativePath()));
            if (our.sizeBytes() != their.sizeBytes() || hashesDiffer(our.sha256Hex(), their.sha256Hex())) {
                return Optional.of("%s is %s, ours is %s".formatted(our.relativePath(), their, our));
            }
        }
        return Optional.empty();
    }

    private static boolean hashesDiffer(@Nullable String ours, @Nullable String theirs) {
        return ours != null && theirs != null && !ours.equals(theirs);
    }

    private static Map<String, BlockFile> data(ThanosMeta meta) {
        Map<String, BlockFile> files = new HashMap<>();
        for (BlockFile file : meta.files()) {
            if (!file.relativePath().equals(BlockMeta.FILE_NAME)) {
                files.put(file.relativePath(), file);
            }
        }
        return files;
    }
}
