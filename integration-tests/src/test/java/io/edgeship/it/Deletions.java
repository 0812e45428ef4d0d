package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.Deadline;
import io.edgeship.demo.LocalPrometheus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/// Deletes samples through Prometheus' admin API and remembers which of them the agent may have taken before. Only
/// series that come in order are chosen, for Prometheus itself forgets such a deletion when it cuts late samples.
final class Deletions {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration REACH = Duration.ofSeconds(15);

    /// A scrape this long ago has been appended, so that what is asked for before the deletion is all that goes.
    private static final Duration APPENDED = Duration.ofSeconds(2);

    private final LocalPrometheus prometheus;
    private final PrometheusApi api;
    private final Random random;
    private final int series;
    private Samples taken = new Samples();
    private Samples notTaken = new Samples();

    /// @param series how many gauges the target has
    Deletions(LocalPrometheus prometheus, Random random, int series) {
        this.prometheus = prometheus;
        this.api = new PrometheusApi(prometheus.url());
        this.random = random;
        this.series = series;
    }

    /// While an agent runs: it may have any of the samples.
    void besideTheAgent() throws IOException, InterruptedException {
        long until = System.currentTimeMillis() - APPENDED.toMillis();
        taken = taken.with(delete(until - REACH.toMillis(), until));
    }

    /// While the agent is down, once Prometheus has cut a block that the agent does not know: from a block that it
    /// may know, from one that it does not, and from the head.
    void whileTheAgentIsDown() throws IOException, InterruptedException {
        Path dataDir = prometheus.dataDir();
        long known = SpoolLeft.read(dataDir).maxTime();
        Deadline.in(LIMIT).await("a block that the agent does not know", () -> DataDirectory.maxTime(dataDir) > known);
        long until = System.currentTimeMillis() - APPENDED.toMillis();
        long from = Math.max(0, known - REACH.toMillis() / 2);
        Samples deleted = delete(from, until);
        taken = taken.with(deleted.within(0, known));
        notTaken = notTaken.with(deleted.within(known, Long.MAX_VALUE));
    }

    private Samples delete(long from, long until) throws IOException, InterruptedException {
        String selector = "greenhouse_temperature_celsius{sensor=\"%d\"}".formatted(random.nextInt(series));
        Samples going =
                api.answer("%s[%dms]".formatted(selector, until - from), until).within(from, until + 1);
        api.deleteSeries(selector, from, until);
        return going;
    }

    /// What went, and may be in the bucket all the same.
    Samples mayBeShipped() {
        return taken;
    }

    void assertHappened() {
        assertThat(taken.count()).as("samples deleted from what the agent knew").isPositive();
        assertThat(notTaken.count())
                .as("samples deleted from what the agent did not know")
                .isPositive();
    }
}
