package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.queue.Item;
import io.edgeship.queue.Place;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Whose turn it is: of the sources that are not stopped the one of the highest priority, and of its blocks that have
/// settled the first in order. Used by the ship loop's thread.
final class Turns {
    private final List<Lane> lanes;
    private final Comparator<Candidate> order;
    private final Settling settling;

    /// @param clock of this machine
    Turns(List<Lane> lanes, ShippingOrder order, InstantSource clock) {
        this.lanes = lanes;
        this.order = Comparator.comparingInt(
                        (Candidate candidate) -> candidate.lane().source().priority())
                .reversed()
                .thenComparing(Candidate::key, order.comparator());
        settling = new Settling(clock);
    }

    /// A block that is still to be sent, or has to be sent again.
    record Candidate(Lane lane, Item item) {
        ShippingOrder.Key key() {
            return new ShippingOrder.Key(item.range(), item.id());
        }
    }

    /// The next one; from here until it is dealt with no scan takes it away.
    Optional<Candidate> next() throws IOException {
        return candidates().stream()
                .filter(candidate -> settling.left(candidate.item()).isZero())
                .sorted(order)
                .filter(Turns::claim)
                .findFirst();
    }

    /// The newest of each source and no other, as [#next].
    Optional<Candidate> nextFreshest() throws IOException {
        Comparator<Candidate> freshest =
                Comparator.comparing(Candidate::key, ShippingOrder.FRESHEST_FIRST.comparator());
        for (Lane lane : lanes) {
            Optional<Candidate> newest = candidates().stream()
                    .filter(candidate -> candidate.lane().equals(lane))
                    .sorted(freshest)
                    .findFirst()
                    .filter(candidate -> isNewest(lane, candidate.item()))
                    .filter(candidate -> settling.left(candidate.item()).isZero())
                    .filter(Turns::claim);
            if (newest.isPresent()) {
                return newest;
            }
        }
        return Optional.empty();
    }

    /// Whether nothing later of that source was shipped or is on its way: else an older block would count as fresh
    /// once the newest has gone.
    private static boolean isNewest(Lane lane, Item item) {
        try {
            long end = item.range().maxTime();
            boolean laterShipped = lane.source().spool().shippedRecords().stream()
                    .anyMatch(record -> record.range().maxTime() > end);
            boolean laterWaits = lane.source().spool().ready().stream()
                    .anyMatch(other -> other.range().maxTime() > end);
            return !laterShipped && !laterWaits;
        } catch (IOException e) {
            return false; // the spool's disk fails: the next look at it says so aloud
        }
    }

    /// Until the next block has settled; zero where none waits for that. Those that have may still be barred.
    Duration untilSettled() throws IOException {
        return candidates().stream()
                .map(candidate -> settling.left(candidate.item()))
                .filter(left -> !left.isZero())
                .min(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private List<Candidate> candidates() throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        for (Lane lane : lanes) {
            if (lane.source().stopped().isPresent()) {
                continue;
            }
            for (Item item : lane.source().spool().ready()) {
                if (!lane.transport().isAwaited(item)) {
                    candidates.add(new Candidate(lane, item));
                }
            }
        }
        return candidates;
    }

    /// Fails where a merged block has replaced the item a moment ago, or is being made of it, or where it must not be
    /// sent, or not yet.
    private static boolean claim(Candidate candidate) {
        Source source = candidate.lane().source();
        BlockId id = candidate.item().id();
        synchronized (source.spool()) {
            boolean there = source.spool().find(id).equals(Optional.of(Place.READY))
                    && !source.isWrittenAnew(id)
                    && !isHeld(candidate);
            if (there) {
                source.sending(Optional.of(id));
            }
            return there;
        }
    }

    private static boolean isHeld(Candidate candidate) {
        Source source = candidate.lane().source();
        try {
            return source.barred(candidate.item()).isPresent() || source.isForThePacker(candidate.item());
        } catch (IOException e) {
            return true; // the spool's disk fails: the next look at it says so aloud
        }
    }
}
