package io.edgeship.block.rewrite;

import io.edgeship.block.TimeRange;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.relabel.RelabelAction;
import io.edgeship.block.relabel.RelabelRule;
import io.edgeship.block.relabel.Relabeling;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Orders, and what is to be seen of the blocks that come of them.
final class Orders {
    private Orders() {}

    /// Of blocks that get the external label `site="shop"`.
    static RewriteOrder order(Path... dirs) {
        return RewriteOrder.of(List.of(dirs), new TreeMap<>(Map.of("site", "shop")));
    }

    static RewriteOrder keeping(RewriteOrder order, TimeRange... keep) {
        return new RewriteOrder(
                order.sources(),
                order.labels(),
                List.of(keep),
                order.relabeling(),
                order.significantDigits(),
                order.resolution());
    }

    static RewriteOrder relabelled(RewriteOrder order, Relabeling relabeling) {
        return new RewriteOrder(
                order.sources(),
                order.labels(),
                order.keep(),
                relabeling,
                order.significantDigits(),
                order.resolution());
    }

    static RewriteOrder with(RewriteOrder order, OptionalInt digits, Optional<Resolution> resolution) {
        return new RewriteOrder(order.sources(), order.labels(), order.keep(), order.relabeling(), digits, resolution);
    }

    static RelabelRule rule(RelabelAction action, List<String> labels, String regex) {
        return new RelabelRule(action, labels, RelabelRule.SEPARATOR, regex, 0, "", RelabelRule.REPLACEMENT);
    }

    static List<String> names(Path out) {
        try (Stream<Path> entries = Files.list(out)) {
            return entries.map(path -> String.valueOf(path.getFileName())).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<TimedChunk> chunks(Path block) throws IOException {
        List<TimedChunk> chunks = new ArrayList<>();
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            reader.forEachSeries(List.of(), series -> chunks.addAll(series.readChunks()));
        }
        return chunks;
    }

    static List<String> samples(Path block) throws IOException {
        List<String> samples = new ArrayList<>();
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            reader.forEachSeries(
                    List.of(),
                    series -> series.forEachSample((time, bits) ->
                            samples.add(series.labels() + " " + time + " " + Double.longBitsToDouble(bits))));
        }
        return samples;
    }

    static long ref(Path block) throws IOException {
        long[] ref = new long[1];
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            reader.forEachSeries(List.of(), series -> ref[0] = series.ref());
        }
        return ref[0];
    }
}
