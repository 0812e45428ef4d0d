package io.edgeship.agent;

import io.edgeship.bucket.Bucket;
import io.edgeship.queue.Item;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.ShipEvents;
import io.edgeship.ship.Source;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The agent's metrics; each is described in `docs/reference/agent.md`. Backlog gauges show the state after the last
/// scan or shipment, so that a scrape does not read the disk. Thread-safe.
final class AgentMetrics implements ShipEvents {
    private static final Log LOG = Log.of(AgentMetrics.class);
    private static final double MILLIS = 1000;

    private final MeterRegistry registry;
    private final List<Source> sources;
    private final Counter scans;
    private final Counter scanFailures;
    private final Counter thanosScans;
    private final Counter thanosScanFailures;
    private final Counter shipped;
    private final Counter alreadyThere;
    private final Counter delivered;
    private final Counter failures;
    private final Counter packRejections;
    private final Counter thanosUploads;
    private final Counter thanosFailures;
    private final Counter bytesSent;
    private final AtomicLong backlogItems = new AtomicLong();
    private final AtomicLong backlogBytes = new AtomicLong();
    private final AtomicLong spoolBytes = new AtomicLong();
    private final AtomicLong copiedBytes = new AtomicLong();
    private final AtomicLong quarantined = new AtomicLong();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong future = new AtomicLong();
    private final AtomicLong losses = new AtomicLong();
    private final AtomicLong awaiting = new AtomicLong();
    private final AtomicLong pieceBytes = new AtomicLong();
    private final AtomicLong dataUntilMillis = new AtomicLong();
    private final AtomicLong oldestMillis = new AtomicLong(Long.MAX_VALUE);

    AgentMetrics(MeterRegistry registry, List<Source> sources, Bucket bucket) {
        this.registry = registry;
        this.sources = sources;
        scans = counter("edgeship.ship.scans", "Scans of the sources.");
        scanFailures = counter("edgeship.ship.scan.failures", "Scans that failed.");
        thanosScans = counter("thanos.shipper.dir.syncs", "As edgeship_ship_scans_total, under the sidecar's name.");
        thanosScanFailures = counter("thanos.shipper.dir.sync.failures", "As edgeship_ship_scan_failures_total.");
        shipped = counter("edgeship.ship.blocks", "Blocks that the bucket confirmed.");
        alreadyThere = counter("edgeship.ship.blocks.already.there", "Of these, blocks that the bucket had before.");
        delivered = counter("edgeship.ship.delivered.blocks", "Blocks sent whole through the inbox.");
        packRejections = counter(
                "edgeship.pack.rejections", "Packs that the centre would not have; the blocks' files are sent.");
        failures = counter("edgeship.ship.failures", "Attempts that failed and are repeated.");
        thanosUploads = counter("thanos.shipper.uploads", "As edgeship_ship_blocks_total, under the sidecar's name.");
        thanosFailures = counter("thanos.shipper.upload.failures", "As edgeship_ship_failures_total.");
        bytesSent = counter("edgeship.ship.sent.bytes", "Request bodies that were sent.");
        gauge("edgeship.queue.backlog.items", "Blocks in the spool that wait to be shipped.", backlogItems);
        gauge("edgeship.queue.backlog.bytes", "Their bytes.", backlogBytes);
        gauge(
                "edgeship.queue.spool.bytes",
                "All bytes that the spool holds; links share them with the source.",
                spoolBytes);
        gauge("edgeship.queue.copied.bytes", "Of these, bytes that had to be copied.", copiedBytes);
        gauge("edgeship.queue.quarantined.items", "Blocks set aside.", quarantined);
        gauge(
                "edgeship.ship.awaiting.receipt.items",
                "Of the backlog, blocks sent whole whose receipt is outstanding.",
                awaiting);
        gauge("edgeship.ship.piece.bytes", "What the next part or piece would have.", pieceBytes);
        gauge("edgeship.ship.held.blocks", "Blocks that can be neither shipped nor forgotten.", held);
        gauge("edgeship.ship.loss.records", "Loss records on disk.", losses);
        Gauge.builder("edgeship.ship.data.until.timestamp.seconds", dataUntilMillis, value -> value.get() / MILLIS)
                .description("Up to here all data has been shipped; 0 before the first block.")
                .register(registry);
        Gauge.builder("edgeship.queue.oldest.timestamp.seconds", oldestMillis, AgentMetrics::secondsOrNan)
                .description("The first sample that waits to be shipped; NaN where nothing waits.")
                .register(registry);
        gauge(
                "edgeship.ship.future.blocks",
                "Blocks in the spool whose times are in the future by the store's clock.",
                future);
        Gauge.builder("edgeship.ship.clock.skew.seconds", bucket, AgentMetrics::skewSeconds)
                .description("This machine's clock minus the store's; NaN before the first reply.")
                .register(registry);
    }

    /// Told by the ship thread after each round.
    void shipping(int awaitingItems, long nextPieceBytes) {
        awaiting.set(awaitingItems);
        pieceBytes.set(nextPieceBytes);
    }

    void scanned() {
        scans.increment();
        thanosScans.increment();
    }

    void scanFailed() {
        scanFailures.increment();
        thanosScanFailures.increment();
    }

    @Override
    public void shipped(Item item, long bytes, boolean wasThere) {
        shipped.increment();
        thanosUploads.increment();
        bytesSent.increment((double) bytes);
        if (wasThere) {
            alreadyThere.increment();
        }
        dataUntilMillis.accumulateAndGet(item.range().maxTime(), Math::max);
        refresh();
    }

    @Override
    public void delivered(Item item, long bytes) {
        delivered.increment();
        bytesSent.increment((double) bytes);
        refresh();
    }

    @Override
    public void packRejected(Item item, String reason) {
        packRejections.increment();
    }

    @Override
    public void failed(Item item, Exception cause) {
        failures.increment();
        thanosFailures.increment();
    }

    @Override
    public void quarantined(Item item, String reason) {
        refresh();
    }

    /// Counts the spools anew.
    void refresh() {
        try {
            long items = 0;
            long waiting = 0;
            long all = 0;
            long copied = 0;
            long aside = 0;
            long lost = 0;
            long heldBlocks = 0;
            long ahead = 0;
            long oldest = Long.MAX_VALUE;
            for (Source source : sources) {
                Spool spool = source.spool();
                synchronized (spool) {
                    List<Item> ready = spool.ready();
                    items += ready.size() + spool.incoming().size();
                    waiting += Item.bytesToSend(ready);
                    oldest = Math.min(
                            oldest,
                            ready.isEmpty() ? oldest : ready.getFirst().range().minTime());
                    all += spool.holding().bytes();
                    copied += spool.holding().copiedBytes();
                    aside += spool.quarantined().size();
                    lost += spool.losses().size();
                }
                heldBlocks += source.held().size();
                ahead += source.futureBlocks();
            }
            backlogItems.set(items);
            backlogBytes.set(waiting);
            spoolBytes.set(all);
            copiedBytes.set(copied);
            quarantined.set(aside);
            losses.set(lost);
            held.set(heldBlocks);
            future.set(ahead);
            oldestMillis.set(oldest);
        } catch (IOException e) {
            LOG.warn("spool not counted, metrics keep their last values", e);
        }
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private void gauge(String name, String description, AtomicLong value) {
        Gauge.builder(name, value, AtomicLong::get).description(description).register(registry);
    }

    private static double secondsOrNan(AtomicLong millis) {
        return millis.get() == Long.MAX_VALUE ? Double.NaN : millis.get() / MILLIS;
    }

    private static double skewSeconds(Bucket bucket) {
        return bucket.clock()
                .skew()
                .map(Duration::toMillis)
                .map(millis -> millis / MILLIS)
                .orElse(Double.NaN);
    }
}
