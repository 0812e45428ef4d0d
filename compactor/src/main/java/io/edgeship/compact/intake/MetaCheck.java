package io.edgeship.compact.intake;

import static io.edgeship.compact.intake.RejectedException.require;

import io.edgeship.block.BlockId;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Judges the meta.json that a site sent (I8): it may add blocks of its own, and take no other's place. Reads
/// nothing.
final class MetaCheck {
    private static final Log LOG = Log.of(MetaCheck.class);

    /// Clocks of sites may be wrong (I6), by more than this they deserve a word.
    private static final Duration AHEAD_MAX = Duration.ofDays(1);

    private final String siteLabel;
    private final BucketView view;
    private final Instant now;

    MetaCheck(String siteLabel, BucketView view, Instant now) {
        this.siteLabel = siteLabel;
        this.view = view;
        this.now = now;
    }

    /// @throws UnsupportedVersionException for a meta.json of a later version
    BlockMeta check(InboxItem item, ItemPlan plan, byte[] json) throws IOException, RejectedException {
        BlockMeta meta = parse(item, json);
        require(meta.id().equals(item.id()), "meta.ulid", "is %s, %s is wanted", meta.id(), item.id());
        ThanosMeta thanos = meta.thanos();
        if (thanos == null) {
            throw new RejectedException("meta.thanos", "there is no thanos section");
        }
        String site = thanos.labels().getOrDefault(siteLabel, "");
        require(site.equals(item.site()), "meta.site", "label %s is '%s', not '%s'", siteLabel, site, item.site());
        long resolution = thanos.resolutionMillis();
        boolean windows = resolution == Resolution.FIVE_MINUTES.millis(); // all that a site sends, or has room for
        require(resolution == 0 || windows, "meta.resolution", "is %d", resolution);
        require(
                !BucketBlock.NEVER_YOUNG.contains(thanos.source()),
                "meta.source",
                "is '%s', which is a compactor's",
                thanos.source());
        lineage(meta, thanos);
        files(plan, meta, thanos);
        future(item, meta);
        return meta;
    }

    private static BlockMeta parse(InboxItem item, byte[] json) throws IOException, RejectedException {
        try {
            return BlockMeta.parse(item.prefix() + BlockMeta.FILE_NAME, json);
        } catch (CorruptFormatException e) {
            throw new RejectedException("meta", String.valueOf(e.getMessage()));
        }
    }

    /// A compactor removes what a block's sources replace (I9), so a site must not name others' blocks.
    private void lineage(BlockMeta meta, ThanosMeta thanos) throws RejectedException {
        List<BlockId> sources = meta.compaction().sources();
        int level = meta.compaction().level();
        require(level >= 1, "meta.level", "is %d", level);
        require(!sources.isEmpty(), "meta.sources", "is empty");
        if (level == 1) {
            require(sources.equals(List.of(meta.id())), "meta.sources", "of level 1 is not its own ULID alone");
            return;
        }
        Set<BlockId> claimed = new HashSet<>(sources);
        for (BucketBlock block : view.blocks()) {
            boolean same = block.labels().equals(thanos.labels());
            if (!same && block.meta().compaction().sources().stream().anyMatch(claimed::contains)) {
                throw new RejectedException(
                        "meta.sources", "names data of " + block.meta().id() + ", which has other labels");
            }
        }
    }

    private static void files(ItemPlan plan, BlockMeta meta, ThanosMeta thanos) throws RejectedException {
        Map<String, Long> listed = new HashMap<>();
        for (BlockFile file : thanos.files()) {
            if (!file.relativePath().equals(BlockMeta.FILE_NAME)) {
                require(
                        listed.put(file.relativePath(), file.sizeBytes()) == null,
                        "meta.files",
                        "lists %s twice",
                        file.relativePath());
            }
        }
        for (PlannedFile file : plan.dataFiles()) {
            Long size = listed.remove(file.path());
            require(
                    size != null && size == file.sizeBytes(),
                    "meta.files",
                    "lists %s with %s bytes, the manifest has %d",
                    file.path(),
                    size == null ? "no" : size,
                    file.sizeBytes());
        }
        require(listed.isEmpty(), "meta.files", "lists files that were not sent: %s", listed.keySet());
        List<String> segments = plan.dataFiles().stream()
                .map(PlannedFile::path)
                .filter(path -> path.startsWith("chunks/"))
                .map(path -> path.substring("chunks/".length()))
                .toList();
        require(
                thanos.segmentFiles().isEmpty() || thanos.segmentFiles().equals(segments),
                "meta.segment_files",
                "is %s, %s were sent",
                thanos.segmentFiles(),
                segments);
        require(
                segments.isEmpty() == (meta.stats().numChunks() == 0),
                "meta.stats",
                "numChunks is %d with %d segments",
                meta.stats().numChunks(),
                segments.size());
    }

    private void future(InboxItem item, BlockMeta meta) {
        long latest = now.plus(AHEAD_MAX).toEpochMilli();
        if (meta.range().maxTime() > latest || meta.id().timeMillis() > latest) {
            LOG.warn(
                    "block of the future is taken: the site's clock may be wrong",
                    "site",
                    item.site(),
                    "block",
                    item.id(),
                    "maxTime",
                    meta.range().maxTime());
        }
    }
}
