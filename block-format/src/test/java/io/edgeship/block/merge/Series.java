package io.edgeship.block.merge;

import io.edgeship.block.head.ChunkRules;
import io.edgeship.block.head.SeriesAppender;
import io.edgeship.block.histogram.HistogramText;
import io.edgeship.block.sample.FloatHistogramSample;
import io.edgeship.block.sample.FloatSample;
import io.edgeship.block.sample.HistogramSample;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.sample.SampleIterator;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.List;

/// Samples to chunks and back.
final class Series {
    private Series() {}

    static FloatSample sample(long timeMillis, double value) {
        return new FloatSample(0, timeMillis, Double.doubleToRawLongBits(value));
    }

    static List<TimedChunk> chunks(List<? extends Sample> samples) {
        SeriesAppender appender = new SeriesAppender(ChunkRules.DEFAULT);
        samples.forEach(appender::append);
        return appender.finish();
    }

    static List<Sample> samples(List<TimedChunk> chunks) throws CorruptChunkException {
        List<Sample> samples = new ArrayList<>();
        SampleIterator it = new SampleIterator(chunks);
        for (Sample sample = it.next(); sample != null; sample = it.next()) {
            samples.add(sample);
        }
        return samples;
    }

    /// Times and values as text: start times are not kept by every encoding.
    static List<String> texts(List<TimedChunk> chunks) throws CorruptChunkException {
        return samples(chunks).stream().map(Series::text).toList();
    }

    private static String text(Sample sample) {
        return switch (sample) {
            case FloatSample it -> it.timeMillis() + " " + Long.toHexString(it.valueBits());
            case HistogramSample it -> it.timeMillis() + " " + it.isGauge() + HistogramText.of(it.histogram());
            case FloatHistogramSample it -> it.timeMillis() + " " + it.isGauge() + HistogramText.of(it.histogram());
        };
    }
}
