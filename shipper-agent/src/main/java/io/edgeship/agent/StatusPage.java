package io.edgeship.agent;

import io.edgeship.bucket.Bucket;
import io.edgeship.queue.Item;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import io.edgeship.queue.quota.SpoolUse;
import io.edgeship.queue.link.LinkConfig;
import io.edgeship.queue.link.LinkGovernor;
import io.edgeship.queue.link.LinkStatus;
import io.edgeship.runtime.config.Sizes;
import io.edgeship.runtime.http.Health;
import io.edgeship.ship.Lane;
import io.edgeship.ship.PrometheusSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The page at `/`: how the site fares, in a few lines of plain text. Thread-safe.
final class StatusPage {
    private final AgentConfig config;
    private final List<Lane> lanes;
    private final LinkGovernor governor;
    private final Bucket bucket;
    private final Health health;
    private final AgentMetrics metrics;

    StatusPage(
            AgentConfig config,
            List<Lane> lanes,
            LinkGovernor governor,
            Bucket bucket,
            Health health,
            AgentMetrics metrics) {
        this.config = config;
        this.lanes = List.copyOf(lanes);
        this.governor = governor;
        this.bucket = bucket;
        this.health = health;
        this.metrics = metrics;
    }

    /// @throws UncheckedIOException if the spool cannot be read
    String text() {
        StringBuilder page = new StringBuilder();
        line(page, "site", config.site());
        line(page, "bucket", bucket.location());
        line(page, "ready", health.ready() ? "yes" : "no");
        health.problems().forEach((check, reason) -> line(page, "  " + check, reason));
        line(page, "clock", SkewWatch.text(bucket.clock().skew()));
        describeLink(page);
        try {
            for (Lane lane : lanes) {
                page.append('\n');
                describe(lane.source(), page);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return page.append("\n/metrics\n/-/healthy\n/-/ready\n").toString();
    }

    private void describeLink(StringBuilder page) {
        LinkStatus link = governor.status();
        line(page, "transport", config.transport().name().toLowerCase(Locale.ROOT));
        lanes.stream()
                .flatMap(lane -> Stream.concat(
                        lane.transport().restriction().stream(), lane.transport().cannotFinish().stream()))
                .distinct()
                .forEach(remark -> line(page, "  note", remark));
        line(page, "link", link.open() ? "open" : "closed: " + link.reason());
        if (link.open() && !link.reason().isEmpty()) {
            line(page, "  note", link.reason());
        }
        boolean unlimited = link.bytesPerSecond() == LinkConfig.UNLIMITED;
        line(page, "rate", unlimited ? "unlimited" : Sizes.print(link.bytesPerSecond()) + " a second");
        line(page, "sent since start", Sizes.print(governor.sentBytes()));
        for (LinkStatus.Period period : link.periods()) {
            String used = Sizes.print(period.usedBytes());
            String of = period.isLimited() ? " of " + Sizes.print(period.limitBytes()) : ", no budget";
            line(page, "used this " + period.name(), used + of);
        }
        line(page, "receipts outstanding", metrics.awaitingItems() + " blocks");
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
        if (source.futureBlocks() > 0) {
            line(page, "of the future", source.futureBlocks() + " blocks, by the store's clock");
        }
        line(page, "spool", room(source));
        line(page, "set aside", spool.quarantined().size() + " blocks");
        line(page, "losses on record", String.valueOf(spool.losses().size()));
        source.held().forEach((block, reason) -> line(page, "held " + block, reason));
        source.waiting().forEach((block, reason) -> line(page, "waits " + block, reason));
    }

    /// `1.2 GiB of its own (limit 4.0 GiB), 3.4 GiB free on its disk`
    private static String room(PrometheusSource source) {
        SpoolUse use = source.spoolUse();
        long limit = source.spoolLimits().maxBytes();
        return "%s of its own (%s), %s free on its disk"
                .formatted(
                        Sizes.print(use.ownBytes()),
                        limit == 0 ? "no limit" : "limit " + Sizes.print(limit),
                        Sizes.print(use.freeBytes()));
    }

    private static String describe(ShippedRecord record) {
        return "%s at %s".formatted(record.id(), record.shippedAt());
    }

    private static void line(StringBuilder page, String name, String value) {
        page.append("%-24s%s%n".formatted(name + ":", value));
    }
}
