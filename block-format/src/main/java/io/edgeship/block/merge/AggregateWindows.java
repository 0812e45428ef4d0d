package io.edgeship.block.merge;

import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.downsample.SeriesDownsampler;
import io.edgeship.block.sample.FloatHistogramSample;
import io.edgeship.block.sample.FloatSample;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.sample.SampleIterator;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Takes chunks of aggregates apart. Stateless.
final class AggregateWindows {
    private AggregateWindows() {}

    /// The windows of a chunk, in the order of time. A chunk of raw samples, as old versions of Thanos left some
    /// among aggregates, is downsampled first.
    static List<AggregateWindow> of(TimedChunk timed, Resolution resolution) throws CorruptChunkException {
        Chunk chunk = timed.chunk();
        List<AggregateWindow> windows = new ArrayList<>();
        if (chunk.encoding() == Encoding.AGGREGATE) {
            addWindows(AggregateChunk.decode(chunk.data()), resolution, windows);
        } else {
            for (TimedChunk downsampled : SeriesDownsampler.raw(List.of(timed), resolution)) {
                addWindows(AggregateChunk.decode(downsampled.chunk().data()), resolution, windows);
            }
        }
        return windows;
    }

    private static void addWindows(AggregateChunk chunk, Resolution resolution, List<AggregateWindow> to)
            throws CorruptChunkException {
        boolean areFloats = chunk.part(Aggregate.COUNTER)
                .map(part -> Encoding.of(part.encodingCode()).holdsFloats())
                .orElse(true);
        if (!areFloats) {
            addHistograms(chunk, resolution, to);
            return;
        }
        FloatAggregates floats = new FloatAggregates(chunk, resolution);
        for (int i = 0; i < floats.size(); i++) {
            to.add(new FloatWindow(floats, i));
        }
    }

    private static void addHistograms(AggregateChunk chunk, Resolution resolution, List<AggregateWindow> to)
            throws CorruptChunkException {
        Map<Long, FloatHistogramSample> sums = new HashMap<>();
        for (Sample sum : samples(chunk, Aggregate.SUM)) {
            sums.put(sum.timeMillis(), histogram(sum));
        }
        Map<Long, FloatHistogramSample> counters = new HashMap<>();
        for (Sample counter : samples(chunk, Aggregate.COUNTER)) {
            counters.put(counter.timeMillis(), histogram(counter));
        }
        for (Sample count : samples(chunk, Aggregate.COUNT)) {
            long end = count.timeMillis();
            FloatHistogramSample sum = sums.get(end);
            FloatHistogramSample counter = counters.get(end);
            if (!(count instanceof FloatSample number) || sum == null || counter == null) {
                throw new CorruptChunkException("aggregates of histograms that lack one at %d".formatted(end));
            }
            to.add(new HistogramWindow(
                    resolution.windowStart(end),
                    end,
                    counter.isGauge(),
                    number.value(),
                    sum.histogram(),
                    counter.histogram()));
        }
    }

    private static FloatHistogramSample histogram(Sample sample) throws CorruptChunkException {
        if (sample instanceof FloatHistogramSample histogram) {
            return histogram;
        }
        throw new CorruptChunkException("aggregates of histograms that are none at %d".formatted(sample.timeMillis()));
    }

    private static List<Sample> samples(AggregateChunk chunk, Aggregate aggregate) throws CorruptChunkException {
        List<Sample> samples = new ArrayList<>();
        Optional<AggregateChunk.Part> part = chunk.part(aggregate);
        if (part.isPresent()) {
            Chunk content = new Chunk(part.get().encodingCode(), part.get().data());
            if (!content.holdsSamples()) {
                throw new CorruptChunkException(
                        "aggregate %s has encoding %d".formatted(aggregate, content.encodingCode()));
            }
            SampleIterator it = new SampleIterator(List.of(new TimedChunk(0, 0, content)));
            for (Sample sample = it.next(); sample != null; sample = it.next()) {
                samples.add(sample);
            }
        }
        return samples;
    }
}
