package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.queue.Item;
import io.edgeship.queue.upload.Outcome;
import io.edgeship.queue.upload.UploadProgress;
import io.edgeship.queue.upload.Uploader;
import io.edgeship.queue.upload.UploaderConfig;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Ships what the sources have sealed, oldest data first, one block at a time. An item that cannot be shipped ever is
/// set aside
/// and the next one follows (I5); an unreachable bucket is waited for without end.
public final class ShipLoop {
    private static final Log LOG = Log.of(ShipLoop.class);

    private final List<PrometheusSource> sources;
    private final Bucket bucket;
    private final Uploader uploader;
    private final ShipEvents events;
    private final SiteReports reports;
    private final Backoff backoff;

    public ShipLoop(
            List<PrometheusSource> sources,
            Bucket bucket,
            UploaderConfig config,
            UploadProgress progress,
            ShipEvents events,
            SiteReports reports,
            RandomGenerator random) {
        this.sources = List.copyOf(sources);
        this.bucket = bucket;
        this.uploader = new Uploader(bucket, config, progress);
        this.events = events;
        this.reports = reports;
        this.backoff = new Backoff(random);
    }

    private record Candidate(PrometheusSource source, Item item) {}

    /// Ships until nothing is ready.
    ///
    /// @return how long to wait before the next call: zero where all was shipped
    public Duration run() throws IOException, InterruptedException {
        for (Optional<Candidate> next = next(); next.isPresent(); next = next()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("stopped between two blocks");
            }
            if (!ship(next.get())) {
                return backoff.afterFailure();
            }
        }
        reports.send(sources);
        return Duration.ZERO;
    }

    /// Returns false if the bucket could not be reached.
    private boolean ship(Candidate candidate) throws IOException {
        Item item = candidate.item();
        try {
            settle(candidate, uploader.ship(item));
            backoff.succeeded();
            reports.send(sources);
            return true;
        } catch (BucketException.Refused | BucketException.BodyUnreadable e) {
            setAside(candidate, e.getMessage() == null ? e.toString() : e.getMessage());
            return true;
        } catch (BucketException e) {
            LOG.warn(
                    "block not shipped, trying again later",
                    e,
                    "block",
                    item.id(),
                    "kind",
                    e.getClass().getSimpleName());
            events.failed(item, e);
            return false;
        } finally {
            candidate.source().sending(Optional.empty());
        }
    }

    private void settle(Candidate candidate, Outcome outcome) throws IOException {
        Item item = candidate.item();
        switch (outcome) {
            case Outcome.Shipped(var bytes) -> shipped(candidate, bytes, false);
            case Outcome.AlreadyThere(var bytes) -> shipped(candidate, bytes, true);
            case Outcome.Quarantine(var reason) -> setAside(candidate, reason);
        }
        LOG.debug("item settled", "block", item.id());
    }

    private void shipped(Candidate candidate, long bytesSent, boolean alreadyThere) throws IOException {
        Item item = candidate.item();
        synchronized (candidate.source().spool()) {
            candidate.source().spool().shipped(item, bucket.clock().now().orElseGet(Instant::now));
        }
        LOG.info("block shipped", "block", item.id(), "bytes", bytesSent, "already_there", alreadyThere);
        events.shipped(item, bytesSent, alreadyThere);
    }

    private void setAside(Candidate candidate, String reason) throws IOException {
        Item item = candidate.item();
        synchronized (candidate.source().spool()) {
            Loss loss = candidate.source().losses().of(item.id(), item.meta(), Loss.Reason.REASON_CORRUPT, reason);
            candidate.source().spool().quarantine(item.id(), loss);
        }
        LOG.error("block cannot be shipped, set aside", "block", item.id(), "why", reason);
        events.quarantined(item, reason);
    }

    /// The oldest item of all sources; from here until it is settled no scan takes it away.
    private Optional<Candidate> next() throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        for (PrometheusSource source : sources) {
            synchronized (source.spool()) {
                source.spool().ready().stream()
                        .findFirst()
                        .ifPresent(item -> candidates.add(new Candidate(source, item)));
            }
        }
        candidates.sort(Comparator.comparingLong(
                        (Candidate candidate) -> candidate.item().range().minTime())
                .thenComparing(candidate -> candidate.item().id()));
        for (Candidate candidate : candidates) {
            BlockId id = candidate.item().id();
            synchronized (candidate.source().spool()) {
                if (candidate.source().spool().find(id).equals(Optional.of(io.edgeship.queue.Place.READY))) {
                    candidate.source().sending(Optional.of(id));
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }
}
