package io.edgeship.block.head;

import io.edgeship.block.sample.FloatHistogramSample;
import io.edgeship.block.sample.FloatSample;
import io.edgeship.block.sample.HistogramSample;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Encodes the samples of one series as they come. Not thread-safe.
public final class SeriesAppender {
    private final ChunkRules rules;
    private List<TimedChunk> done = new ArrayList<>();
    private @Nullable OpenChunk open;
    private boolean hasSamples;
    private long lastTime;
    private long nextAt; // at the latest the open chunk ends here
    private boolean histogramEndComputed;

    public SeriesAppender(ChunkRules rules) {
        this.rules = rules;
    }

    /// Appends a float.
    ///
    /// @param startMillis when counting began; 0 for unknown, and ignored unless the rules have it
    /// @param valueBits   of a double
    /// @throws IllegalArgumentException if it does not come after the sample before it
    public void append(long startMillis, long timeMillis, long valueBits) {
        requireLater(timeMillis);
        OpenFloats chunk = floats(timeMillis);
        chunk.append(startMillis, timeMillis, valueBits);
        appended(timeMillis);
    }

    /// Appends any sample.
    ///
    /// @throws IllegalArgumentException if it does not come after the sample before it
    public void append(Sample sample) {
        switch (sample) {
            case FloatSample it -> append(it.startMillis(), it.timeMillis(), it.valueBits());
            case HistogramSample it -> {
                requireLater(it.timeMillis());
                OpenIntHistograms same = open instanceof OpenIntHistograms chunk ? chunk : null;
                append(it, same, new OpenIntHistograms(rules.histogramStarts()));
            }
            case FloatHistogramSample it -> {
                requireLater(it.timeMillis());
                OpenFloatHistograms same = open instanceof OpenFloatHistograms chunk ? chunk : null;
                append(it, same, new OpenFloatHistograms(rules.histogramStarts()));
            }
        }
    }

    /// The chunks that are complete, oldest first; they are the caller's from now on, and the one that is being filled
    /// stays.
    public List<TimedChunk> takeComplete() {
        List<TimedChunk> taken = done;
        done = new ArrayList<>();
        return taken;
    }

    /// All chunks not taken yet, oldest first. The series can go on, in a new chunk.
    public List<TimedChunk> finish() {
        close();
        return takeComplete();
    }

    private void appended(long timeMillis) {
        lastTime = timeMillis;
        hasSamples = true;
    }

    private void requireLater(long timeMillis) {
        if (timeMillis <= lastTime && hasSamples) {
            throw new IllegalArgumentException("a sample at %d after one at %d".formatted(timeMillis, lastTime));
        }
    }

    private OpenFloats floats(long time) {
        if (!(open instanceof OpenFloats chunk) || chunk.sizeBytes() > ChunkRules.FLOAT_BYTES_MAX) {
            return begin(new OpenFloats(rules.floatStarts()), time);
        }
        if (chunk.count() == ChunkRules.SAMPLES_PER_CHUNK / 4) {
            nextAt = ChunkRules.endTime(chunk.minTime(), chunk.maxTime(), nextAt, 4);
        }
        boolean full = time >= nextAt || chunk.count() >= 2 * ChunkRules.SAMPLES_PER_CHUNK;
        return full ? begin(new OpenFloats(rules.floatStarts()), time) : chunk;
    }

    /// @param same  the open chunk, if it is of this kind
    /// @param empty to begin, if the sample does not go into that
    private <S extends Sample> void append(S sample, @Nullable OpenHistograms<S> same, OpenHistograms<S> empty) {
        if (same == null) {
            histogramEndComputed = false;
            begin(empty, sample.timeMillis()).first(sample, null);
        } else if (isFull(same, sample.timeMillis())) {
            histogramEndComputed = false;
            begin(empty, sample.timeMillis()).first(sample, same.fit(sample));
        } else {
            BucketFit fit = same.fit(sample);
            if (fit instanceof BucketFit.Other) {
                begin(empty, sample.timeMillis()).first(sample, fit);
            } else {
                same.following(sample, fit);
            }
        }
        appended(sample.timeMillis());
    }

    private boolean isFull(OpenChunk chunk, long time) {
        int bytes = chunk.sizeBytes();
        long rangeEnd = histogramEndComputed ? rules.rangeEnd(chunk.minTime()) : nextAt;
        if (!histogramEndComputed && bytes >= ChunkRules.HISTOGRAM_BYTES / 4) {
            double ratioToFull = (double) ChunkRules.HISTOGRAM_BYTES / bytes;
            nextAt = ChunkRules.endTime(chunk.minTime(), chunk.maxTime(), nextAt, ratioToFull);
            histogramEndComputed = true;
        }
        boolean full = time >= nextAt || bytes >= 2 * ChunkRules.HISTOGRAM_BYTES;
        return full && (chunk.count() >= ChunkRules.HISTOGRAM_SAMPLES_MIN || time >= rangeEnd);
    }

    private <C extends OpenChunk> C begin(C chunk, long time) {
        close();
        open = chunk;
        nextAt = rules.rangeEnd(time);
        return chunk;
    }

    private void close() {
        if (open != null) {
            done.add(open.toChunk());
            open = null;
        }
    }
}
