package io.edgeship.block.synthetic;

import io.edgeship.block.LabelSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// The series of one made-up site, in the order of their labels.
final class SyntheticSite {
    private static final double[] BOUNDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};
    private static final int HISTOGRAM_PARTS = BOUNDS.length + 3;
    private static final int INSTANCES = 12;

    private final long seed;
    private final int wanted;
    private final List<SyntheticSeries> series = new ArrayList<>();

    private SyntheticSite(long seed, int wanted) {
        this.seed = seed;
        this.wanted = wanted;
    }

    static List<SyntheticSeries> series(long seed, int number) {
        SyntheticSite site = new SyntheticSite(seed, number);
        for (int hundred = 0; site.series.size() < number; hundred++) {
            site.addHundred(hundred);
        }
        List<SyntheticSeries> series = new ArrayList<>(site.series.subList(0, number));
        series.sort(Comparator.comparing(SyntheticSeries::labels));
        return series;
    }

    private void addHundred(int hundred) {
        for (int i = 0; i < 30 && isRoom(); i++) {
            series.add(new SeriesKinds.Counter(labels("app_requests_total", hundred, i), nextSeed()));
        }
        for (int i = 0; i < 20 && isRoom(); i++) {
            series.add(new SeriesKinds.Gauge(labels("sensor_temperature_celsius", hundred, i), nextSeed()));
        }
        for (int i = 0; i < 16 && isRoom(); i++) {
            series.add(new SeriesKinds.Constant(labels("node_info", hundred, i), nextSeed()));
        }
        for (int i = 0; i < 4 && isRoom(); i++) {
            series.add(new SeriesKinds.Pod(labels("pod_cpu_seconds_total", hundred, i), nextSeed()));
        }
        for (int i = 0; i < 2 && isRoom(); i++) {
            series.add(new SeriesKinds.Native(labels("rpc_seconds", hundred, i), nextSeed(), false));
        }
        series.add(new SeriesKinds.Native(labels("queue_seconds", hundred, 0), nextSeed(), true));
        series.add(new SeriesKinds.Quotient(labels("app_error_ratio", hundred, 0), nextSeed()));
        for (int i = 0; i < 26 / HISTOGRAM_PARTS && isRoom(); i++) {
            addHistogram(hundred, i);
        }
        series.add(new SeriesKinds.Counter(labels("node_network_bytes_total", hundred, 0), nextSeed()));
        series.add(new SeriesKinds.Constant(labels("up", hundred, 0), nextSeed()));
    }

    private boolean isRoom() {
        return series.size() < wanted;
    }

    private void addHistogram(int hundred, int number) {
        long familySeed = nextSeed();
        for (int i = 0; i < BOUNDS.length; i++) {
            double share = (i + 1.0) / (BOUNDS.length + 1);
            add("http_seconds_bucket", hundred, number, familySeed, share, Double.toString(BOUNDS[i]));
        }
        add("http_seconds_bucket", hundred, number, familySeed, 1, "+Inf");
        add("http_seconds_count", hundred, number, familySeed, 1, "");
        LabelSet sum = labels("http_seconds_sum", hundred, number);
        series.add(new SeriesKinds.HistogramPart(sum, familySeed, 1, true));
    }

    private void add(String name, int hundred, int number, long familySeed, double share, String bound) {
        LabelSet labels = labels(name, hundred, number);
        if (!bound.isEmpty()) {
            Map<String, String> withBound = labels.toMap();
            withBound.put("le", bound);
            labels = LabelSet.of(withBound);
        }
        series.add(new SeriesKinds.HistogramPart(labels, familySeed, share, false));
    }

    private static LabelSet labels(String name, int hundred, int number) {
        int instance = hundred % INSTANCES;
        return LabelSet.ofSorted(
                "__name__",
                name,
                "instance",
                "10.0.0.%d:9100".formatted(instance + 1),
                "job",
                hundred % 3 == 0 ? "node" : "app",
                "unit",
                "u%d-%02d".formatted(hundred, number));
    }

    private long nextSeed() {
        return SyntheticSeries.mix(seed * 1_000_003 + series.size());
    }
}
