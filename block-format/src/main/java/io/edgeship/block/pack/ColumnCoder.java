package io.edgeship.block.pack;

import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.index.SymbolTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Codes series, span by span: a packer's way to the columns and an unpacker's way back are this one. In memory
/// are a span, the window of series before it, and what grows with the index. Not thread-safe.
final class ColumnCoder {
    private final ContextCoder coder;
    private final Tails tails = new Tails();
    private final LabelColumn labels;
    private final SpanOrder order;
    private final TimeColumn times;
    private final ChunkColumn chunks;
    private final ValueColumn values;
    private final SeriesWatcher watcher;
    private long[] buffer = {};
    private int coded;

    /// What is told of each series, in the order of the columns.
    @FunctionalInterface
    interface SeriesWatcher {
        SeriesWatcher NONE = _ -> {};

        void coded(PackedSeries series) throws IOException;
    }

    ColumnCoder(
            ContextCoder coder,
            SymbolTable symbols,
            BitDialect dialect,
            WorkBound bound,
            ChunkColumn.ChunkBytes carried,
            SeriesWatcher watcher) {
        this.coder = coder;
        this.watcher = watcher;
        labels = new LabelColumn(coder, tails, symbols.size());
        order = new SpanOrder(symbols, tails);
        times = new TimeColumn(coder, bound);
        chunks = new ChunkColumn(coder, bound, carried, dialect);
        values = new ValueColumn(coder);
    }

    /// Codes the next span; an empty one is the last.
    ///
    /// @param given ignored by a decoder
    /// @return its series in the order of the index, with their chunks
    List<PackedSeries> code(List<SpanSeries> given) throws IOException {
        int count = coder.bounded(Field.SPAN_SERIES, 0, 0, given.size(), 0, PackLimits.SPAN_SERIES_MAX);
        List<PackedSeries> span = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            if (coder.decoding()) {
                span.add(labels.code(new int[0]));
            } else {
                PackedSeries series = labels.code(given.get(i).labels());
                series.chunks(given.get(i).chunks());
                span.add(series);
            }
        }
        long bytes = 0;
        for (SpanOrder.Placed placed : order.of(span)) {
            if (bytes > PackLimits.SPAN_BYTES_MAX + (long) PackLimits.SERIES_BYTES_MAX) {
                throw coder.corrupt("a span of more than %d bytes".formatted(bytes));
            }
            code(placed.series(), placed.role());
            bytes += placed.series().sizeBytes();
        }
        return span;
    }

    /// Names and values in turn, as symbols.
    int[] labelsOf(PackedSeries series) {
        int[] tail = tails.get(series.tail);
        int[] all = new int[tail.length + 2];
        all[0] = series.name;
        all[1] = series.value;
        System.arraycopy(tail, 0, all, 2, tail.length);
        return all;
    }

    private void code(PackedSeries series, SeriesRole role) throws IOException {
        series.number = coded++;
        long[] given = new long[coder.decoding() ? 0 : series.samples()];
        room(series.samples());
        if (!coder.decoding()) {
            series.decode(given, buffer);
        }
        long[] when = times.code(series, given);
        room(when.length);
        List<PackedChunk> cut = chunks.code(series, when.length);
        series.chunks(cut);
        if (when.length > 0) {
            values.code(series, role, buffer);
        }
        if (coder.decoding()) {
            series.chunks(chunks.fill(cut, when, buffer));
        }
        if (when.length > 0) {
            values.keep(series, buffer);
        }
        watcher.coded(series);
    }

    private void room(int samples) {
        if (buffer.length < samples) {
            buffer = Arrays.copyOf(buffer, Math.max(samples, 2 * buffer.length));
        }
    }

    void finish() throws IOException {
        coder.finish();
    }
}
