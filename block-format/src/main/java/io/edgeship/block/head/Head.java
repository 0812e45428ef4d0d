package io.edgeship.block.head;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.Utf8Order;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.write.BlockWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// The series of a block to be, with their samples encoded: some 1.5 bytes each, and a kilobyte a series. Not
/// thread-safe.
public final class Head {
    private final ChunkRules rules;
    private final TreeMap<LabelSet, SeriesAppender> series = new TreeMap<>();

    public Head(ChunkRules rules) {
        this.rules = rules;
    }

    /// The series of these labels, which begins with this call if it is not there.
    public SeriesAppender series(LabelSet labels) {
        return series.computeIfAbsent(labels, _ -> new SeriesAppender(rules));
    }

    public boolean isEmpty() {
        return series.isEmpty();
    }

    /// Writes the block `<parent>/<id>` and returns its directory. Nothing stays here.
    ///
    /// @param meta gets a meta.json of level 1 that covers the samples, and returns the one to be written
    public Path write(Path parent, BlockId id, UnaryOperator<BlockMeta> meta) throws IOException {
        Set<String> symbols = new TreeSet<>(Utf8Order.COMPARATOR);
        for (LabelSet labels : series.keySet()) {
            labels.forEach((name, value) -> {
                symbols.add(name);
                symbols.add(value);
            });
        }
        try (BlockWriter writer = BlockWriter.create(parent, id, IndexDialect.SINCE_3_7, symbols)) {
            for (var first = series.pollFirstEntry(); first != null; first = series.pollFirstEntry()) {
                List<TimedChunk> chunks = first.getValue().finish();
                writer.series(first.getKey(), chunks);
            }
            return writer.finish(meta.apply(BlockMeta.of(id, writer.samples(), writer.stats())));
        }
    }
}
