package io.edgeship.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.bucket.file.FileBucket;
import io.edgeship.runtime.http.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeteredBucketTest {
    private static final Pattern ON_PAGE = Pattern.compile("\\| `(thanos_[a-z_]+)`");
    private static final Pattern TYPE_LINE = Pattern.compile("# TYPE (thanos_[a-z_]+) (\\w+)");

    private final Metrics metrics = new Metrics();

    @Test
    void countsCallsFailuresAndBytesUnderThanosNames(@TempDir Path dir) throws IOException {
        Bucket cut = FailingBucket.when(
                FileBucket.open(dir, ""),
                "delete a"::equals,
                FailingBucket.Moment.BEFORE,
                call -> new BucketException.Unavailable(call, null));
        Bucket bucket = new MeteredBucket(cut, "fs", metrics.registry());
        bucket.put("edgeship/sites/heartbeat", Body.of(new byte[0]));
        assertThat(metrics.scrape())
                .as("before the first upload of data")
                .doesNotContain("last_successful_upload_time");

        bucket.put("a", Body.of("12345".getBytes(UTF_8)));
        try (InputStream in = bucket.get("a", 1, 3)) {
            in.readAllBytes();
        }
        assertThatThrownBy(() -> bucket.get("none")).isInstanceOf(BucketException.NotFound.class);
        assertThatThrownBy(() -> bucket.delete("a")).isInstanceOf(BucketException.Unavailable.class);

        String scrape = metrics.scrape();
        assertThat(scrape)
                .contains("thanos_objstore_bucket_operations_total{bucket=\"fs\",operation=\"upload\"} 2.0")
                .contains("thanos_objstore_bucket_operations_total{bucket=\"fs\",operation=\"get\"} 1.0")
                .contains("thanos_objstore_bucket_operation_failures_total{bucket=\"fs\",operation=\"get\"} 0.0")
                .contains("thanos_objstore_bucket_operation_failures_total{bucket=\"fs\",operation=\"delete\"} 1.0")
                .contains(
                        "thanos_objstore_bucket_operation_fetched_bytes_total{bucket=\"fs\",operation=\"get_range\"} 3.0")
                .contains(
                        "thanos_objstore_bucket_operation_transferred_bytes_sum{bucket=\"fs\",operation=\"upload\"} 5.0")
                .contains("thanos_objstore_bucket_operation_duration_seconds_bucket{")
                .contains("thanos_objstore_bucket_last_successful_upload_time{bucket=\"fs\"} 1.");
    }

    @Test
    void thePageNamesTheMetricsThatThereAreAndNoOthers(@TempDir Path dir) throws IOException {
        Bucket bucket = new MeteredBucket(FileBucket.open(dir, ""), "fs", metrics.registry());
        bucket.put("a", Body.of(new byte[1]));

        Set<String> exposed = TYPE_LINE
                .matcher(metrics.scrape())
                .results()
                .map(MeteredBucketTest::family)
                .filter(name -> !name.endsWith("_max")) // Micrometer's own addition
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> onPage = ON_PAGE.matcher(Files.readString(Path.of("../docs/reference/objstore.md")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(onPage).isEqualTo(exposed);
    }

    private static String family(MatchResult line) {
        return line.group(1);
    }
}
