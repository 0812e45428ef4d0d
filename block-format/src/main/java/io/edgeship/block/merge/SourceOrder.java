package io.edgeship.block.merge;

import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.transcode.ReadableBlock;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Whose sample stays where two blocks have one of the same time: that of the regular block, then that of the older
/// one.
/// Prometheus answered queries from the regular block first.
final class SourceOrder {
    static final Comparator<ReadableBlock> INSTANCE = Comparator.<ReadableBlock, Boolean>comparing(
                    block -> !block.meta().compaction().hints().isEmpty())
            .thenComparing(block -> block.meta().id());

    private SourceOrder() {}

    /// @throws IOException naming the block that is downsampled, or whose external labels are not those of the first
    static void requireOneStream(List<ReadableBlock> blocks) throws IOException {
        Map<String, String> labels = labels(blocks.getFirst());
        for (ReadableBlock block : blocks) {
            if (block.resolutionMillis() != 0) {
                throw new IOException("%s is downsampled; only raw blocks are merged".formatted(block.dir()));
            }
            if (!labels(block).equals(labels)) {
                throw new IOException("%s has the external labels %s, %s has %s"
                        .formatted(block.dir(), labels(block), blocks.getFirst().dir(), labels));
            }
        }
    }

    private static Map<String, String> labels(ReadableBlock block) {
        ThanosMeta thanos = block.meta().thanos();
        return thanos == null ? Map.of() : thanos.labels();
    }
}
