package io.edgeship.block.rewrite;

import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.histogram.HistogramText;
import io.edgeship.block.rewrite.RandomSources.SourceModel;
import io.edgeship.block.sample.FloatHistogramSample;
import io.edgeship.block.sample.FloatSample;
import io.edgeship.block.sample.HistogramSample;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.sample.SampleIterator;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the new block is to hold.
final class RewriteModel {
    private final RewriteOrder order;
    private final List<SourceModel> sources;
    final TreeMap<LabelSet, TreeMap<Long, Sample>> series = new TreeMap<>();
    long cut;
    long duplicates;
    long deleted;
    long dropped;
    long rounded;

    RewriteModel(RewriteOrder order, List<SourceModel> sources) {
        this.order = order;
        this.sources = sources;
        for (SourceModel source : sources) {
            source.series()
                    .forEach((labels, samples) ->
                            add(labels, samples, source.deleted().getOrDefault(labels, 0L)));
        }
        series.values().removeIf(Map::isEmpty);
        if (order.significantDigits().isPresent()) {
            int digits = order.significantDigits().getAsInt();
            series.values().forEach(samples -> samples.replaceAll((_, sample) -> rounded(sample, digits)));
        }
    }

    private void add(LabelSet labels, List<Sample> samples, long deletedOfSeries) {
        Optional<LabelSet> relabelled = order.relabeling().apply(labels);
        if (relabelled.isEmpty()) {
            dropped++;
            return;
        }
        deleted += deletedOfSeries;
        TreeMap<Long, Sample> all = series.computeIfAbsent(relabelled.get(), _ -> new TreeMap<>());
        for (Sample sample : samples) {
            boolean isKept = order.keep().isEmpty()
                    || order.keep().stream().anyMatch(range -> range.contains(sample.timeMillis()));
            if (!isKept) {
                cut++;
            } else if (all.putIfAbsent(sample.timeMillis(), sample) != null) {
                duplicates++;
            }
        }
    }

    private Sample rounded(Sample sample, int digits) {
        if (!(sample instanceof FloatSample it) || !Double.isFinite(it.value())) {
            return sample;
        }
        double value = new BigDecimal(Double.toString(it.value()))
                .round(new MathContext(digits, RoundingMode.HALF_EVEN))
                .doubleValue();
        boolean stays = value == it.value() || Double.isInfinite(value);
        rounded += stays ? 0 : 1;
        return stays ? sample : new FloatSample(0, it.timeMillis(), Double.doubleToRawLongBits(value));
    }

    TimeRange range() throws IOException {
        long minTime = Long.MAX_VALUE;
        long maxTime = Long.MIN_VALUE;
        for (SourceModel source : sources) {
            TimeRange of = BlockMeta.read(source.dir().resolve("meta.json")).range();
            minTime = Math.min(minTime, of.minTime());
            maxTime = Math.max(maxTime, of.maxTime());
        }
        if (order.keep().isEmpty()) {
            return new TimeRange(minTime, maxTime);
        }
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        for (TimeRange range : order.keep()) {
            if (range.overlaps(new TimeRange(minTime, maxTime))) {
                from = Math.min(from, Math.max(range.minTime(), minTime));
                to = Math.max(to, Math.min(range.maxTime(), maxTime));
            }
        }
        return new TimeRange(from, to);
    }

    List<String> texts() {
        List<String> texts = new ArrayList<>();
        series.forEach((labels, samples) -> samples.values().forEach(sample -> texts.add(text(labels, sample))));
        return texts;
    }

    static List<String> of(Path block) throws IOException {
        List<String> texts = new ArrayList<>();
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            reader.forEachSeries(List.of(), series -> {
                SampleIterator samples = new SampleIterator(series.readChunks());
                for (Sample sample = samples.next(); sample != null; sample = samples.next()) {
                    texts.add(text(series.labels(), sample));
                }
            });
        }
        return texts;
    }

    private static String text(LabelSet labels, Sample sample) {
        String value = switch (sample) {
            case FloatSample it -> Long.toHexString(it.valueBits());
            case HistogramSample it -> it.isGauge() + HistogramText.of(it.histogram());
            case FloatHistogramSample it -> it.isGauge() + HistogramText.of(it.histogram());
        };
        return "%s %d %s".formatted(labels, sample.timeMillis(), value);
    }
}
