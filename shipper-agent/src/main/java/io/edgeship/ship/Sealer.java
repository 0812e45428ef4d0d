package io.edgeship.ship;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Fills the `thanos` section of a block's meta.json. What a block says there of how it was made is kept; whose it
/// is, the configuration says, not the block.
final class Sealer {
    /// `source` in the section: none of the names that make Thanos skip its consistency delay.
    static final String SOURCE = "edgeship";

    /// In `thanos.extensions` of a block that lies in a window which was shipped before: `{"reason": text}`.
    static final String LATE = "edgeship_late";

    private Sealer() {}

    static BlockMeta seal(BlockMeta meta, Path blockDir, Map<String, String> labels) throws IOException {
        List<BlockFile> files = new ArrayList<>();
        List<String> segments = new ArrayList<>();
        for (Path segment : DurableFiles.children(blockDir.resolve("chunks"))) {
            segments.add(String.valueOf(segment.getFileName()));
            files.add(new BlockFile("chunks/" + segment.getFileName(), Files.size(segment), null));
        }
        files.add(new BlockFile("index", Files.size(blockDir.resolve("index")), null));
        files.add(new BlockFile(BlockMeta.FILE_NAME, 0, null));
        ThanosMeta before = meta.thanos();
        ThanosMeta section = before == null
                ? ThanosMeta.of(labels, SOURCE, segments, files)
                : new ThanosMeta(
                        new TreeMap<>(labels),
                        before.resolutionMillis(),
                        SOURCE,
                        segments,
                        files,
                        null,
                        before.original());
        return meta.withThanos(section);
    }

    /// Tells the centre why the block overlaps another.
    static BlockMeta late(BlockMeta sealed, String reason) throws CorruptFormatException {
        ThanosMeta section = Objects.requireNonNull(sealed.thanos(), "not sealed");
        return sealed.withThanos(section.withExtension(LATE, JsonObject.empty().with("reason", reason)));
    }
}
