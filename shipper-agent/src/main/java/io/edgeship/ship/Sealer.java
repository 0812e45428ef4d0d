package io.edgeship.ship;

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

/// Fills the `thanos` section of a block's meta.json.
final class Sealer {
    /// `source` in the section: none of the names that make Thanos skip its consistency delay.
    static final String SOURCE = "edgeship";

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
        return meta.withThanos(ThanosMeta.of(labels, SOURCE, segments, files));
    }
}
