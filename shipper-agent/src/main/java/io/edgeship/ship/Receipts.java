package io.edgeship.ship;

import io.edgeship.block.message.v1.Loss;
import io.edgeship.bucket.BucketException;
import io.edgeship.queue.Item;
import io.edgeship.queue.transport.Transport.Answer;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Asks for the centre's answers to what was sent whole. The centre works in rounds: while it has no answer for a few
/// items, it has most likely none for the others, so a few small requests tell. Each time others are asked about first,
/// for one item may have to wait longer than the rest. The longer there is no news, the rarer it is asked. Used by the
/// ship loop's thread.
final class Receipts {
    private static final Log LOG = Log.of(Receipts.class);

    private static final Duration FIRST = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofMinutes(15);

    /// So many questions without an answer end a round.
    private static final int UNANSWERED_MAX = 8;

    private final LongSupplier nanoTime;
    private final Verdicts verdicts;
    private Duration interval = FIRST;
    private long askedAtNanos;
    private boolean asked;
    private boolean misses;
    private int turn;

    /// What follows from an answer.
    interface Verdicts {
        void accepted(Lane lane, Item item) throws IOException;

        void packRejected(Lane lane, Item item, String why) throws IOException;

        void rejected(Lane lane, Item item, Loss.Reason reason, String why) throws IOException;
    }

    Receipts(LongSupplier nanoTime, Verdicts verdicts) {
        this.nanoTime = nanoTime;
        this.verdicts = verdicts;
    }

    /// Something was sent, or somebody is waiting: asked again soon.
    void expectNews() {
        interval = FIRST;
        asked = false;
    }

    /// What awaits an answer, oldest data first.
    static List<Item> awaited(Lane lane) throws IOException {
        List<Item> awaited = new ArrayList<>();
        for (Item item : lane.source().spool().ready()) {
            if (lane.transport().isAwaited(item)) {
                awaited.add(item);
            }
        }
        return awaited;
    }

    /// Whether the last answers asked for something that has to be sent again.
    boolean misses() {
        return misses;
    }

    /// Until the next question is due; zero if it is now.
    Duration untilDue() {
        long since = nanoTime.getAsLong() - askedAtNanos;
        return asked && since < interval.toNanos() ? interval.minusNanos(since) : Duration.ZERO;
    }

    /// Asks, if it is due.
    ///
    /// @return how many items are still awaited
    /// @throws BucketException if the bucket cannot be asked now
    int poll(List<Lane> lanes) throws IOException {
        boolean due = untilDue().isZero();
        misses = false;
        int left = 0;
        boolean news = false;
        for (Lane lane : lanes) {
            List<Item> awaited = awaited(lane);
            int answered = due ? ask(lane, awaited) : 0;
            news |= answered > 0;
            left += awaited.size() - answered;
        }
        if (due) {
            asked = true;
            askedAtNanos = nanoTime.getAsLong();
            Duration doubled = interval.multipliedBy(2);
            interval = news ? FIRST : doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        }
        return left;
    }

    /// Returns how many were answered.
    private int ask(Lane lane, List<Item> awaited) throws IOException {
        int answered = 0;
        int unanswered = 0;
        for (int i = 0; i < awaited.size() && unanswered < UNANSWERED_MAX; i++) {
            Item item = awaited.get(Math.floorMod(turn + i, awaited.size()));
            if (settle(lane, item, lane.transport().poll(item))) {
                answered++;
            } else {
                unanswered++;
            }
        }
        turn += unanswered;
        return answered;
    }

    /// Returns whether there was an answer that settles the item's wait.
    private boolean settle(Lane lane, Item item, Answer answer) throws IOException {
        return switch (answer) {
            case Answer.Waiting _ -> false;
            case Answer.TooNew(var why) -> {
                LOG.warn("the centre cannot read this agent's items yet: upgrade it", "block", item.id(), "why", why);
                yield false;
            }
            case Answer.Accepted _ -> {
                verdicts.accepted(lane, item);
                yield true;
            }
            case Answer.Missing(var pieces, var bytes) -> {
                LOG.warn(
                        "the centre misses pieces, sending them again",
                        "block",
                        item.id(),
                        "pieces",
                        pieces,
                        "bytes",
                        bytes);
                misses = true;
                yield true;
            }
            case Answer.PackRejected(var why) -> {
                verdicts.packRejected(lane, item, why);
                misses = true;
                yield true;
            }
            case Answer.Rejected(var why) -> {
                verdicts.rejected(lane, item, Loss.Reason.REASON_REFUSED, why);
                yield true;
            }
        };
    }
}
