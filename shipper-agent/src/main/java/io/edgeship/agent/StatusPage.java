package io.edgeship.agent;

import io.edgeship.bucket.Bucket;
import io.edgeship.queue.Item;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.config.Sizes;
import io.edgeship.runtime.http.Health;
import io.edgeship.ship.PrometheusSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The page at `/`: how the site fares, in a few lines of plain text. Thread-safe.
final class StatusPage {
    private final String site;
    private final List<PrometheusSource> sources;
    private final Bucket bucket;
    private final Health health;

    StatusPage(String site, List<PrometheusSource> sources, Bucket bucket, Health health) {
        this.site = site;
        this.sources = sources;
        this.bucket = bucket;
        this.health = health;
    }

    /// @throws UncheckedIOException if the spool cannot be read
    String text() {
        StringBuilder page = new StringBuilder();
        line(page, "site", site);
        line(page, "bucket", bucket.location());
        line(page, "ready", health.ready() ? "yes" : "no");
        health.problems().forEach((check, reason) -> line(page, "  " + check, reason));
        try {
            for (PrometheusSource source : sources) {
                page.append('\n');
                describe(source, page);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return page.append("\n/metrics\n/-/healthy\n/-/ready\n").toString();
    }

    private static void describe(PrometheusSource source, StringBuilder page) throws IOException {
        Spool spool = source.spool();
        List<Item> ready = spool.ready();
        long bytes = ready.stream().mapToLong(Item::sizeBytes).sum();
        line(page, "source", source.config().path().toString());
        line(page, "waiting to be shipped", "%d blocks, %s".formatted(ready.size(), Sizes.print(bytes)));
        if (!ready.isEmpty()) {
            Instant oldest = Instant.ofEpochMilli(ready.getFirst().range().minTime());
            line(page, "oldest sample waiting", oldest.toString());
        }
        line(page, "waiting to be sealed", spool.incoming().size() + " blocks");
        Optional<ShippedRecord> last =
                spool.shippedRecords().stream().max(Comparator.comparing(ShippedRecord::shippedAt));
        line(page, "last shipped", last.map(StatusPage::describe).orElse("nothing yet"));
        line(page, "set aside", spool.quarantined().size() + " blocks");
        line(page, "losses on record", String.valueOf(spool.losses().size()));
        source.held().forEach((block, reason) -> line(page, "held " + block, reason));
    }

    private static String describe(ShippedRecord record) {
        return "%s at %s".formatted(record.id(), record.shippedAt());
    }

    private static void line(StringBuilder page, String name, String value) {
        page.append("%-24s%s%n".formatted(name + ":", value));
    }
}
