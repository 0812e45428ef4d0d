package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.queue.Item;
import io.edgeship.queue.Place;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.queue.transport.Transport;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.queue.transport.plain.PlainConfig;
import io.edgeship.queue.transport.plain.PlainTransport;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Ships what the sources have sealed, oldest data first, one block at a time. An item that cannot be shipped ever is
/// set aside and the next one follows (I5); an unreachable bucket is waited for without end. Used by one thread;
/// [#stop] may be called by any.
public final class ShipLoop {
    private static final Log LOG = Log.of(ShipLoop.class);

    /// So often a bucket that takes other objects has to refuse an item before it is set aside.
    private static final int REFUSALS_MAX = 3;

    private final List<PrometheusSource> sources;
    private final Bucket bucket;
    private final Transport transport;
    private final SentBefore sentBefore;
    private final ShipEvents events;
    private final SiteReports reports;
    private final Settling settling;
    private final Backoff backoff;
    private final Map<BlockId, Integer> refusals = new HashMap<>();
    private volatile boolean stopping;

    public ShipLoop(
            List<PrometheusSource> sources,
            Bucket bucket,
            PlainConfig config,
            UploadProgress progress,
            ShipEvents events,
            SiteReports reports,
            InstantSource clock,
            RandomGenerator random) {
        this.sources = List.copyOf(sources);
        this.bucket = bucket;
        this.transport = new PlainTransport(bucket, config, config.sizing(() -> 0), () -> 0, progress);
        this.sentBefore = new SentBefore(bucket);
        this.events = events;
        this.reports = reports;
        this.settling = new Settling(clock);
        this.backoff = new Backoff(random);
    }

    /// Why [#run] came back.
    ///
    /// @param pause   before the next call; zero where nothing is left
    /// @param problem what is wrong with the bucket, if something is
    public record Rest(Duration pause, Optional<String> problem) {
        static final Rest ALL_SHIPPED = new Rest(Duration.ZERO, Optional.empty());

        /// Whether what is left only has to settle.
        public boolean isSettling() {
            return problem.isEmpty() && !pause.isZero();
        }
    }

    private record Candidate(PrometheusSource source, Item item) {}

    /// Ships until nothing is ready and settled, the bucket fails, or [#stop] was called.
    ///
    /// @throws IOException if the spool's disk fails
    public Rest run() throws IOException {
        for (Optional<Candidate> next = next(); next.isPresent() && !stopping; next = next()) {
            Optional<Rest> trouble = ship(next.get());
            if (trouble.isPresent()) {
                return trouble.get();
            }
        }
        if (!stopping) {
            reports.send(sources);
        }
        return new Rest(untilSettled(), Optional.empty());
    }

    /// Zero where nothing waits.
    private Duration untilSettled() throws IOException {
        Duration shortest = null;
        for (Candidate candidate : candidates()) {
            Duration left = settling.left(candidate.item());
            shortest = shortest == null || left.compareTo(shortest) < 0 ? left : shortest;
        }
        return shortest == null ? Duration.ZERO : shortest;
    }

    /// Lets [#run] come back after the block that is under way.
    public void stop() {
        stopping = true;
    }

    /// Returns what went wrong with the bucket.
    private Optional<Rest> ship(Candidate candidate) throws IOException {
        Item item = candidate.item();
        candidate.source().sending(Optional.of(item.id()));
        try {
            boolean sent = sentBefore.holds(candidate.source(), item);
            settle(candidate, sent ? new Outcome.AlreadyThere(0) : transport.ship(item));
            backoff.succeeded();
            refusals.remove(item.id());
            reports.send(sources);
            return Optional.empty();
        } catch (BucketException.BodyUnreadable e) {
            setAside(candidate, Loss.Reason.REASON_CORRUPT, messageOf(e));
            return Optional.empty();
        } catch (BucketException.Refused e) {
            return refused(candidate, e);
        } catch (BucketException.AccessDenied e) {
            LOG.error("bucket denies access, blocks wait in the spool: check the credentials and their policy", e);
            events.failed(item, e);
            return Optional.of(new Rest(backoff.afterDenial(), Optional.of("access denied: " + messageOf(e))));
        } catch (BucketException e) {
            String kind = e.getClass().getSimpleName();
            LOG.warn("block not shipped, trying again later", e, "block", item.id(), "kind", kind);
            return Optional.of(failed(item, e));
        } finally {
            candidate.source().sending(Optional.empty());
        }
    }

    /// What is in the way may be this item, or all that lies between here and the bucket: a captive portal refuses
    /// everything. Only where another object gets through is it the item's fault.
    private Optional<Rest> refused(Candidate candidate, BucketException.Refused e) throws IOException {
        Item item = candidate.item();
        int times = refusals.merge(item.id(), 1, Integer::sum);
        LOG.warn("block refused", e, "block", item.id(), "times", times);
        if (times >= REFUSALS_MAX && reports.reaches(candidate.source())) {
            refusals.remove(item.id());
            setAside(candidate, Loss.Reason.REASON_REFUSED, messageOf(e));
            return Optional.empty();
        }
        return Optional.of(failed(item, e));
    }

    private Rest failed(Item item, BucketException e) {
        events.failed(item, e);
        return new Rest(backoff.afterFailure(), Optional.of(messageOf(e)));
    }

    private static String messageOf(BucketException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private void settle(Candidate candidate, Outcome outcome) throws IOException {
        switch (outcome) {
            case Outcome.Shipped(var bytes) -> shipped(candidate, bytes, false);
            case Outcome.AlreadyThere(var bytes) -> shipped(candidate, bytes, true);
            case Outcome.Delivered _ -> {} // the centre's answer decides
            case Outcome.Quarantine(var reason) -> setAside(candidate, Loss.Reason.REASON_REFUSED, reason);
        }
    }

    private void shipped(Candidate candidate, long bytesSent, boolean alreadyThere) throws IOException {
        Item item = candidate.item();
        Instant now = bucket.clock()
                .now()
                .orElseThrow(() -> new BucketException.Unavailable("the store has not told the time", null));
        candidate.source().spool().shipped(item, now);
        LOG.info("block shipped", "block", item.id(), "bytes", bytesSent, "already_there", alreadyThere);
        events.shipped(item, bytesSent, alreadyThere);
    }

    private void setAside(Candidate candidate, Loss.Reason why, String detail) throws IOException {
        Item item = candidate.item();
        Loss loss = candidate.source().losses().of(item.id(), item.meta(), why, detail);
        candidate.source().spool().quarantine(item.id(), loss);
        LOG.error("block cannot be shipped, set aside", "block", item.id(), "why", detail);
        events.quarantined(item, detail);
    }

    /// The oldest settled item of all sources; from here until it is dealt with no scan takes it away.
    private Optional<Candidate> next() throws IOException {
        return candidates().stream()
                .filter(candidate -> settling.left(candidate.item()).isZero())
                .sorted(Comparator.comparingLong((Candidate candidate) ->
                                candidate.item().range().minTime())
                        .thenComparing(candidate -> candidate.item().id()))
                .filter(ShipLoop::claim)
                .findFirst();
    }

    private List<Candidate> candidates() throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        for (PrometheusSource source : sources) {
            if (source.stopped().isEmpty()) {
                source.spool().ready().forEach(item -> candidates.add(new Candidate(source, item)));
            }
        }
        return candidates;
    }

    /// Fails where a merged block has replaced the item a moment ago.
    private static boolean claim(Candidate candidate) {
        PrometheusSource source = candidate.source();
        BlockId id = candidate.item().id();
        synchronized (source.spool()) {
            boolean there = source.spool().find(id).equals(Optional.of(Place.READY));
            if (there) {
                source.sending(Optional.of(id));
            }
            return there;
        }
    }
}
