package io.edgeship.block.tsdb;

import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.histogram.Histogram;
import io.edgeship.block.tsdb.chunkenc.ChunkIterator;
import io.edgeship.block.tsdb.chunkenc.FloatHistogramIterator;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunkenc.HistogramIterator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/// What `promtool tsdb dump` prints, reduced to what both sides can say the same way: of a histogram its count, sum,
/// and the counts of the buckets that are not empty, from the lowest to the highest, the zero bucket among them.
public final class PromtoolDump {
    private static final Pattern HISTOGRAM = Pattern.compile("\\{count:([^,}]+), sum:([^,}]+)(.*)\\} (-?\\d+)");
    private static final Pattern BUCKET = Pattern.compile("[\\])]:([^,}]+)");

    private PromtoolDump() {}

    /// By series, in the order of text.
    public static Map<String, List<String>> read(Path gzipped) throws IOException {
        return read(gzipped, false);
    }

    /// As [#read], of lines that end with the sample's start timestamp.
    static Map<String, List<String>> readWithStarts(Path gzipped) throws IOException {
        return read(gzipped, true);
    }

    private static Map<String, List<String>> read(Path gzipped, boolean withStarts) throws IOException {
        Map<String, List<String>> samples = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(gzipped)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int end = withStarts ? line.lastIndexOf(' ') : line.length();
                add(line.substring(0, end), line.substring(end), samples);
            }
        }
        samples.values().forEach(list -> list.sort(null));
        return samples;
    }

    private static void add(String line, String start, Map<String, List<String>> to) {
        Matcher histogram = HISTOGRAM.matcher(line);
        boolean isHistogram = histogram.find();
        int end = isHistogram ? histogram.start() : line.lastIndexOf('}') + 2;
        String sample = isHistogram ? histogram(histogram) : number(line.substring(end));
        to.computeIfAbsent(line.substring(0, end - 1), _ -> new ArrayList<>()).add(sample + start);
    }

    private static String number(String valueAndTime) {
        String[] words = valueAndTime.split(" ");
        return words[1] + " " + Double.parseDouble(words[0].replace("Inf", "Infinity"));
    }

    private static String histogram(Matcher found) {
        List<Double> buckets = new ArrayList<>();
        BUCKET.matcher(found.group(3)).results().forEach(bucket -> buckets.add(Double.valueOf(bucket.group(1))));
        String sum = found.group(2).replace("Inf", "Infinity");
        return text(
                Long.parseLong(found.group(4)), Double.parseDouble(found.group(1)), Double.parseDouble(sum), buckets);
    }

    private static String text(long time, double count, double sum, List<Double> buckets) {
        return "%d count %s sum %s %s".formatted(time, count, sum, buckets);
    }

    /// Adds each sample as [#read] has it.
    public static void print(ChunkIterator samples, List<String> to) throws IOException {
        while (samples.next()) {
            to.add(print(samples));
        }
    }

    /// Adds each sample as [#readWithStarts] has it.
    static void printWithStarts(ChunkIterator samples, List<String> to) throws IOException {
        while (samples.next()) {
            to.add(print(samples) + " " + samples.startMillis());
        }
    }

    private static String print(ChunkIterator sample) {
        long time = sample.timeMillis();
        return switch (sample) {
            case FloatIterator floats -> time + " " + floats.value();
            case HistogramIterator histograms -> print(time, histograms.histogram());
            case FloatHistogramIterator histograms -> print(time, histograms.histogram());
        };
    }

    private static String print(long time, Histogram histogram) {
        List<Double> buckets = new ArrayList<>(running(histogram.negative()).reversed());
        buckets.add((double) histogram.zeroCount());
        buckets.addAll(running(histogram.positive()));
        buckets.removeIf(count -> count == 0);
        return text(time, (double) histogram.count(), histogram.sum(), buckets);
    }

    private static List<Double> running(long[] deltas) {
        List<Double> counts = new ArrayList<>();
        long count = 0;
        for (long delta : deltas) {
            count += delta;
            counts.add((double) count);
        }
        return counts;
    }

    private static String print(long time, FloatHistogram histogram) {
        List<Double> buckets = new ArrayList<>();
        for (double count : histogram.negative()) {
            buckets.add(count);
        }
        Collections.reverse(buckets);
        buckets.add(histogram.zeroCount());
        for (double count : histogram.positive()) {
            buckets.add(count);
        }
        buckets.removeIf(count -> count == 0);
        return text(time, histogram.count(), histogram.sum(), buckets);
    }
}
