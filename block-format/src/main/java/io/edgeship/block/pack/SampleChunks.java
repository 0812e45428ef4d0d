package io.edgeship.block.pack;

import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.chunkenc.FloatAppender;
import io.edgeship.block.tsdb.chunkenc.FloatHistogramAppender;
import io.edgeship.block.tsdb.chunkenc.HistogramAppender;
import io.edgeship.block.tsdb.chunkenc.Xor2Appender;
import io.edgeship.block.tsdb.chunkenc.XorAppender;
import io.edgeship.block.tsdb.chunks.Encoding;

/// Makes chunks of the samples that they were taken apart into.
final class SampleChunks {
    private SampleChunks() {}

    /// @param encoding one that holds samples
    static byte[] encode(Encoding encoding, ChunkSamples samples, BitDialect dialect) {
        return switch (encoding) {
            case XOR -> floats(new XorAppender(), samples, dialect);
            case XOR2 -> floats(new Xor2Appender(), samples, dialect);
            case HISTOGRAM, HISTOGRAM_ST -> integers(encoding == Encoding.HISTOGRAM_ST, samples, dialect);
            case FLOAT_HISTOGRAM, FLOAT_HISTOGRAM_ST ->
                fractions(encoding == Encoding.FLOAT_HISTOGRAM_ST, samples, dialect);
            case AGGREGATE, UNKNOWN -> throw new IllegalArgumentException("samples of " + encoding);
        };
    }

    private static byte[] floats(FloatAppender appender, ChunkSamples samples, BitDialect dialect) {
        for (int i = 0; i < samples.times().length; i++) {
            appender.append(samples.starts()[i], samples.times()[i], samples.columns()[0][i]);
        }
        return appender.toBytes(dialect);
    }

    private static byte[] integers(boolean withStarts, ChunkSamples samples, BitDialect dialect) {
        HistogramAppender appender = new HistogramAppender(withStarts);
        for (int i = 0; i < samples.times().length; i++) {
            appender.append(samples.starts()[i], samples.times()[i], samples.histogram(i));
        }
        return appender.toBytes(samples.reset(), dialect);
    }

    private static byte[] fractions(boolean withStarts, ChunkSamples samples, BitDialect dialect) {
        FloatHistogramAppender appender = new FloatHistogramAppender(withStarts);
        for (int i = 0; i < samples.times().length; i++) {
            appender.append(samples.starts()[i], samples.times()[i], samples.floatHistogram(i));
        }
        return appender.toBytes(samples.reset(), dialect);
    }
}
