package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.TimeRange;
import io.edgeship.demo.Child;
import io.edgeship.demo.LocalPrometheus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Why `adopt.md` asks for `--query-range.response-cache-max-freshness`: a real `thanos query-frontend` with
/// its defaults keeps an empty answer of a time whose block comes later, and one with that flag does not.
class QueryFrontendIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration STEP = Duration.ofMinutes(5);
    private static final long WINDOW_MILLIS = Duration.ofHours(2).toMillis();
    private static final String QUERY = "count({__name__=~\".+\"})";
    private static final Map<String, String> SITE = Map.of("site", "late");

    @TempDir
    private Path dir;

    @Test
    void aCachedEmptyAnswerHidesALateBlockUnlessTheCacheKeepsNothingThatYoung() throws Exception {
        Path thanos = Program.thanos();
        long now = System.currentTimeMillis();
        long late = now - now % WINDOW_MILLIS - Duration.ofDays(2).toMillis();
        MadeUpBucket bucket = new MadeUpBucket(dir.resolve("bucket")).withOdditiesAt(SITE, late - 12 * WINDOW_MILLIS);
        MadeUpBucket laterOn = new MadeUpBucket(dir.resolve("later")).withOdditiesAt(SITE, late);
        TimeRange asked = new TimeRange(late, late + WINDOW_MILLIS - STEP.toMillis());
        try (ThanosReader querier = new Thanos(thanos, dir).read(bucket.objstore());
                Frontend asDelivered = Frontend.start(thanos, dir.resolve("defaults"), querier);
                Frontend asAdvised = Frontend.start(
                        thanos, dir.resolve("advised"), querier, "--query-range.response-cache-max-freshness=168h")) {
            assertThat(asDelivered.points(asked)).isZero();
            assertThat(asAdvised.points(asked)).isZero();

            Path block = bucketed(laterOn);
            Files.move(block, bucket.dir().resolve(block.getFileName().toString()));
            asAdvised.process().await("the late block's data", LIMIT, () -> asAdvised.points(asked) > 0);
            assertThat(asDelivered.points(asked))
                    .as("points that the cache of Thanos' defaults goes on to hide")
                    .isZero();
        }
    }

    private static Path bucketed(MadeUpBucket bucket) throws IOException {
        return bucket.dir().resolve(bucket.blocks().getFirst().id().toString());
    }

    /// @param url where it answers
    private record Frontend(Child process, String url) implements AutoCloseable {

        static Frontend start(Path thanos, Path home, ThanosReader querier, String... more) throws Exception {
            Files.createDirectories(home);
            String url = "http://127.0.0.1:" + LocalPrometheus.freePort();
            List<String> words = new ArrayList<>(List.of(
                    thanos.toString(),
                    "query-frontend",
                    "--http-address=" + url.substring("http://".length()),
                    "--query-frontend.downstream-url=" + querier.url(),
                    "--query-range.response-cache-config={type: IN-MEMORY, config: {max_size: 16MB, validity: 1h}}"));
            words.addAll(List.of(more));
            Child process = Child.start("thanos query-frontend", home.resolve("log"), words, Map.of());
            try {
                process.await("the query frontend", LIMIT, () -> LocalPrometheus.answers(url + "/-/ready"));
            } catch (IOException | InterruptedException e) {
                process.close();
                throw e;
            }
            return new Frontend(process, url);
        }

        int points(TimeRange range) throws IOException, InterruptedException {
            return Math.toIntExact(new PrometheusApi(url)
                    .answer(QUERY, range.minTime(), range.maxTime(), STEP.toMillis())
                    .count());
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
