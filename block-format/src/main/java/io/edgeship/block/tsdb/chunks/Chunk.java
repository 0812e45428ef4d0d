package io.edgeship.block.tsdb.chunks;

import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.ChunkIterator;
import io.edgeship.block.tsdb.chunkenc.CounterReset;
import io.edgeship.block.tsdb.chunkenc.FloatHistogramIterator;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunkenc.HistogramChunkIterator;
import io.edgeship.block.tsdb.chunkenc.HistogramIterator;
import io.edgeship.block.tsdb.chunkenc.Xor2Iterator;
import io.edgeship.block.tsdb.chunkenc.XorIterator;

/// One encoded run of samples, its checksum verified.
///
/// @param encodingCode the byte in the file, of which [#encoding] is the meaning
/// @param data         the encoded samples; not to be changed
public record Chunk(int encodingCode, byte[] data) {
    public Encoding encoding() {
        return Encoding.of(encodingCode);
    }

    /// How many samples the chunk says it has, or -1 where this build cannot tell. The first two bytes say so in every
    /// encoding of Prometheus; those with start timestamps keep the counter-reset hint in the upper two bits. Of
    /// aggregates it is the number of windows.
    public int sampleCount() {
        if (data.length < 2) {
            return -1;
        }
        int first = Byte.toUnsignedInt(data[0]) << 8 | Byte.toUnsignedInt(data[1]);
        return switch (encoding()) {
            case XOR, XOR2, HISTOGRAM, FLOAT_HISTOGRAM -> first;
            case HISTOGRAM_ST, FLOAT_HISTOGRAM_ST -> first & 0x3FFF;
            case AGGREGATE -> AggregateChunk.sampleCount(data);
            case UNKNOWN -> -1;
        };
    }

    /// This chunk of histograms saying `reset` of the time just before it; one of floats, as it is.
    public Chunk withCounterReset(CounterReset reset) {
        boolean withStarts = encoding() == Encoding.HISTOGRAM_ST || encoding() == Encoding.FLOAT_HISTOGRAM_ST;
        return switch (encoding()) {
            case HISTOGRAM, FLOAT_HISTOGRAM, HISTOGRAM_ST, FLOAT_HISTOGRAM_ST ->
                new Chunk(encodingCode, reset.writtenTo(data, withStarts));
            case XOR, XOR2, AGGREGATE, UNKNOWN -> this;
        };
    }

    /// This chunk leaving open what was just before it: for one that gets another neighbour. Gauges stay gauges.
    public Chunk withoutCounterReset() {
        boolean isGauge = holdsSamples()
                && iterator() instanceof HistogramChunkIterator histograms
                && histograms.counterReset() == CounterReset.GAUGE;
        return isGauge ? this : withCounterReset(CounterReset.UNKNOWN);
    }

    /// Whether [#iterator] walks the samples.
    public boolean holdsSamples() {
        return encoding().holdsSamples();
    }

    /// Walks the samples.
    ///
    /// @throws IllegalStateException for aggregates, which hold several runs of samples, and unknown encodings
    public ChunkIterator iterator() {
        return switch (encoding()) {
            case XOR, XOR2 -> floats();
            case HISTOGRAM -> new HistogramIterator(data, false);
            case HISTOGRAM_ST -> new HistogramIterator(data, true);
            case FLOAT_HISTOGRAM -> new FloatHistogramIterator(data, false);
            case FLOAT_HISTOGRAM_ST -> new FloatHistogramIterator(data, true);
            case AGGREGATE, UNKNOWN -> throw new IllegalStateException("samples of " + encoding());
        };
    }

    /// Walks samples that are single numbers.
    ///
    /// @throws IllegalStateException if they are not ([Encoding#holdsFloats])
    public FloatIterator floats() {
        return switch (encoding()) {
            case XOR -> new XorIterator(data);
            case XOR2 -> new Xor2Iterator(data);
            default -> throw new IllegalStateException("floats of " + encoding());
        };
    }
}
