package io.edgeship.block.diff;

import io.edgeship.block.histogram.HistogramText;
import io.edgeship.block.sample.FloatHistogramSample;
import io.edgeship.block.sample.FloatSample;
import io.edgeship.block.sample.HistogramSample;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.Arrays;

/// What is compared: a sample, or a whole chunk where its samples cannot be had one by one.
sealed interface Content {
    long timeMillis();

    boolean isSameAs(Content other, boolean ignoreStarts);

    /// Fit for people.
    String text();

    record OfSample(Sample sample) implements Content {
        @Override
        public long timeMillis() {
            return sample.timeMillis();
        }

        @Override
        public boolean isSameAs(Content other, boolean ignoreStarts) {
            return other instanceof OfSample(Sample that)
                    && (ignoreStarts || sample.startMillis() == that.startMillis())
                    && sample.isSameValue(that);
        }

        @Override
        public String text() {
            return sample.startMillis() == 0 ? value() : value() + ", since " + sample.startMillis();
        }

        private String value() {
            return switch (sample) {
                case FloatSample it -> HistogramText.number(it.value());
                case HistogramSample it -> (it.isGauge() ? "gauge " : "") + HistogramText.of(it.histogram());
                case FloatHistogramSample it -> (it.isGauge() ? "gauge " : "") + HistogramText.of(it.histogram());
            };
        }
    }

    record OfChunk(TimedChunk timed) implements Content {
        @Override
        public long timeMillis() {
            return timed.minTime();
        }

        @Override
        public boolean isSameAs(Content other, boolean ignoreStarts) {
            return other instanceof OfChunk(TimedChunk that)
                    && timed.maxTime() == that.maxTime()
                    && timed.chunk().encodingCode() == that.chunk().encodingCode()
                    && Arrays.equals(timed.chunk().data(), that.chunk().data());
        }

        @Override
        public String text() {
            return "a chunk of encoding %d to %d, %d bytes, hash %08x"
                    .formatted(
                            timed.chunk().encodingCode(),
                            timed.maxTime(),
                            timed.chunk().data().length,
                            Arrays.hashCode(timed.chunk().data()));
        }
    }
}
