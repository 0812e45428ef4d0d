package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.queue.Item;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Ships what the sources have sealed, one block at a time. An item that cannot be shipped ever is set aside and the
/// next one follows (I5); an unreachable bucket is waited for without end. Used by one thread; [#stop] may be called by
/// any.
public final class ShipLoop {
    private static final Log LOG = Log.of(ShipLoop.class);

    /// So often a bucket that takes other objects has to refuse an item before it is set aside.
    private static final int REFUSALS_MAX = 3;

    private final List<Lane> lanes;
    private final Bucket bucket;
    private final LinkUse link;
    private final Turns turns;
    private final SentBefore sentBefore;
    private final ShipEvents events;
    private final SiteReports reports;
    private final Confirmations confirmations;
    private final Receipts receipts;
    private final Patience patience;
    private final Map<BlockId, Integer> refusals = new HashMap<>();
    private long confirmedBefore;
    private volatile boolean stopping;

    /// What the loop works with.
    ///
    /// @param confirmations told by the lanes' transports
    /// @param clock         of this machine
    public record Tools(
            Bucket bucket,
            LinkUse link,
            ShippingOrder order,
            ShipEvents events,
            SiteReports reports,
            Confirmations confirmations,
            InstantSource clock,
            RandomGenerator random) {}

    public ShipLoop(List<Lane> lanes, Tools tools) {
        this.lanes = List.copyOf(lanes);
        bucket = tools.bucket();
        link = tools.link();
        turns = new Turns(this.lanes, tools.order(), tools.clock());
        sentBefore = new SentBefore(bucket);
        events = tools.events();
        reports = tools.reports();
        confirmations = tools.confirmations();
        receipts = new Receipts(System::nanoTime, new Settled());
        patience = new Patience(tools.random());
    }

    /// Ships until nothing is ready and settled, the bucket fails, or [#stop] was called.
    ///
    /// @throws IOException if the spool's disk fails
    public Rest run() throws IOException {
        Optional<Rest> silent = learnTime();
        if (silent.isPresent()) {
            return silent.get();
        }
        boolean sentAny = false;
        for (Optional<Turns.Candidate> next = next(); next.isPresent() && !stopping; next = next()) {
            Optional<Rest> trouble = ship(next.get());
            if (trouble.isPresent()) {
                boolean onlyHeldBack = trouble.get().until() == Rest.Until.OPEN;
                if (onlyHeldBack) {
                    reports.send(lanes, true); // one an hour passes, so that the centre knows that the site lives
                }
                return trouble.get();
            }
            sentAny = true;
        }
        if (sentAny) {
            receipts.expectNews();
        }
        return stopping ? Rest.ALL_SHIPPED : afterAll();
    }

    /// Windows, budgets and `upload_time` go by the store's clock (I6), and any answer tells it: also a refusal, for
    /// credentials need not be allowed to look.
    private Optional<Rest> learnTime() {
        if (bucket.clock().now().isPresent() || lanes.isEmpty()) {
            return Optional.empty();
        }
        try {
            bucket.head(reports.heartbeatKey(lanes.getFirst()));
            return Optional.empty();
        } catch (BucketException e) {
            return bucket.clock().now().isPresent() ? Optional.empty() : Optional.of(untold(e));
        }
    }

    private Rest untold(BucketException e) {
        if (Trouble.of(e) == Trouble.HELD_BACK) {
            LOG.debug("store is not asked for the time", "why", e.getMessage());
        } else {
            LOG.warn("store has not told the time, blocks wait in the spool, trying again later", e);
        }
        return rest(e);
    }

    /// Asks for the centre's answers soon, for somebody waits for them.
    public void expectReceipts() {
        receipts.expectNews();
    }

    /// How many items were sent whole and are not answered yet.
    public int awaited() throws IOException {
        int awaited = 0;
        for (Lane lane : lanes) {
            awaited += Receipts.awaited(lane).size();
        }
        return awaited;
    }

    /// Lets [#run] come back after the block that is under way.
    public void stop() {
        stopping = true;
    }

    private Optional<Turns.Candidate> next() throws IOException {
        return link.onlyFreshest() ? turns.nextFreshest() : turns.next();
    }

    /// Nothing is to be sent right now: receipts, a heartbeat, and what is waited for.
    private Rest afterAll() throws IOException {
        int awaited;
        try {
            awaited = receipts.poll(lanes);
            reports.send(lanes, true);
        } catch (BucketException e) {
            return rest(e);
        }
        Duration settled = turns.untilSettled();
        if (!settled.isZero()) {
            return Rest.waiting(Rest.Until.SETTLED, settled);
        }
        if (receipts.misses()) {
            return Rest.waiting(Rest.Until.SETTLED, Duration.ZERO); // there is something to send at once
        }
        if (awaited > 0) {
            return Rest.waiting(Rest.Until.ANSWERED, receipts.untilDue());
        }
        if (link.onlyFreshest() && turns.next().isPresent()) {
            return rest(new BucketException.HeldBack(link.whyClosed()));
        }
        return Rest.ALL_SHIPPED;
    }

    /// Returns what went wrong with the bucket.
    private Optional<Rest> ship(Turns.Candidate candidate) throws IOException {
        Item item = candidate.item();
        Source source = candidate.lane().source();
        source.sending(Optional.of(item.id()));
        try {
            settle(candidate, link.onlyFreshest() ? link.beyondBudget(() -> send(candidate)) : send(candidate));
            patience.progressed();
            refusals.remove(item.id());
            reports.send(lanes, false);
            return Optional.empty();
        } catch (BucketException.BodyUnreadable e) {
            setAside(candidate.lane(), item, Loss.Reason.REASON_CORRUPT, messageOf(e));
            return Optional.empty();
        } catch (BucketException.Refused e) {
            return refused(candidate, e);
        } catch (BucketException e) {
            return Optional.of(failed(item, e));
        } finally {
            source.sending(Optional.empty());
        }
    }

    private Outcome send(Turns.Candidate candidate) throws IOException {
        boolean sent = candidate.lane().looksBack()
                && candidate.lane().source() instanceof PrometheusSource source
                && sentBefore.holds(source, candidate.item());
        return sent ? new Outcome.AlreadyThere(0) : candidate.lane().transport().ship(candidate.item());
    }

    /// What is in the way may be this item, or all that lies between here and the bucket: a captive portal refuses
    /// everything. Only where another object gets through is it the item's fault.
    private Optional<Rest> refused(Turns.Candidate candidate, BucketException.Refused e) throws IOException {
        Item item = candidate.item();
        int times = refusals.merge(item.id(), 1, Integer::sum);
        LOG.warn("block refused", e, "block", item.id(), "times", times);
        if (times >= REFUSALS_MAX && reports.reaches(candidate.lane())) {
            refusals.remove(item.id());
            setAside(candidate.lane(), item, Loss.Reason.REASON_REFUSED, messageOf(e));
            return Optional.empty();
        }
        return Optional.of(failed(item, e));
    }

    private Rest failed(Item item, BucketException e) {
        switch (Trouble.of(e)) {
            case HELD_BACK -> LOG.debug("block waits", "block", item.id(), "why", e.getMessage());
            case AUTH -> {
                LOG.error("bucket denies access, blocks wait in the spool: check the credentials and their policy", e);
                events.failed(item, e);
            }
            case NETWORK, THROTTLED, NOT_FOUND, OURS -> {
                String kind = e.getClass().getSimpleName();
                LOG.warn("block not shipped, trying again later", e, "block", item.id(), "kind", kind);
                events.failed(item, e);
            }
        }
        return rest(e);
    }

    /// How long to wait after a failure, and what ends the wait earlier.
    private Rest rest(BucketException e) {
        if (confirmations.count() != confirmedBefore) {
            confirmedBefore = confirmations.count();
            patience.progressed();
        }
        Trouble trouble = Trouble.of(e);
        Duration pause = patience.after(trouble);
        Rest.Until until = switch (trouble) {
            case NETWORK -> Rest.Until.LINK_UP;
            case HELD_BACK -> Rest.Until.OPEN;
            case THROTTLED, AUTH, NOT_FOUND, OURS -> Rest.Until.LATER;
        };
        String what = trouble == Trouble.AUTH ? "access denied: " + messageOf(e) : messageOf(e);
        return new Rest(until, pause, Optional.of(what), patience.fruitless());
    }

    private static String messageOf(BucketException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private void settle(Turns.Candidate candidate, Outcome outcome) throws IOException {
        switch (outcome) {
            case Outcome.Shipped(var bytes) -> shipped(candidate.lane(), candidate.item(), bytes, false);
            case Outcome.AlreadyThere(var bytes) -> shipped(candidate.lane(), candidate.item(), bytes, true);
            case Outcome.Delivered(var bytes) -> {
                LOG.info(
                        "block sent, the centre's receipt is awaited",
                        "block",
                        candidate.item().id(),
                        "bytes",
                        bytes);
                events.delivered(candidate.item(), bytes);
            }
            case Outcome.Quarantine(var reason) ->
                setAside(candidate.lane(), candidate.item(), Loss.Reason.REASON_REFUSED, reason);
        }
    }

    private void shipped(Lane lane, Item item, long bytesSent, boolean alreadyThere) throws IOException {
        Instant now = bucket.clock()
                .now()
                .orElseThrow(() -> new BucketException.Unavailable("the store has not told the time", null));
        lane.source().spool().shipped(item, now);
        LOG.info("block shipped", "block", item.id(), "bytes", bytesSent, "already_there", alreadyThere);
        events.shipped(item, bytesSent, alreadyThere);
    }

    private void setAside(Lane lane, Item item, Loss.Reason why, String detail) throws IOException {
        Loss loss = lane.source().lossOf(item, why, detail);
        lane.source().spool().quarantine(item.id(), loss);
        LOG.error("block cannot be shipped, set aside", "block", item.id(), "why", detail);
        events.quarantined(item, detail);
    }

    /// What follows from a receipt.
    private final class Settled implements Receipts.Verdicts {
        @Override
        public void accepted(Lane lane, Item item) throws IOException {
            shipped(lane, item, 0, false);
        }

        @Override
        public void packRejected(Lane lane, Item item, String why) throws IOException {
            LOG.error("the centre rejects the pack, the block's files are sent", "block", item.id(), "why", why);
            events.packRejected(item, why);
            lane.source().letGoOfPack(item);
        }

        @Override
        public void rejected(Lane lane, Item item, Loss.Reason reason, String why) throws IOException {
            setAside(lane, item, reason, why);
        }
    }
}
