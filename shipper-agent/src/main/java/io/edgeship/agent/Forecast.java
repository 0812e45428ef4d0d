package io.edgeship.agent;

import io.edgeship.agent.status.SiteStatus;
import io.edgeship.queue.link.BacklogEstimate;
import io.edgeship.queue.link.LinkConfig;
import io.edgeship.ship.ShippingOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// When what waits will be there: rate, windows and budgets played through at the speed that the link had of late.
///
/// @param sources with their items' estimates
record Forecast(List<SiteStatus.Source> sources, SiteStatus.Estimate estimate) {
    /// Whatever takes longer has no date.
    private static final Duration HORIZON = Duration.ofDays(400);

    /// What the link does.
    ///
    /// @param now            by the store's clock, as far as it is known
    /// @param bytesPerSecond empty where nobody knows
    /// @param keptCount      of the budget, where it is on disk
    record Link(Instant now, Optional<Long> bytesPerSecond, Optional<byte[]> keptCount) {}

    private record Turn(SourceReading reading, SiteStatus.Item item) {}

    static Forecast of(AgentConfig config, List<SourceReading> readings, Link link) {
        List<Turn> turns = turns(config, readings);
        List<Long> lefts = new ArrayList<>(
                turns.stream().map(turn -> turn.item().leftBytes()).toList());
        lefts.add(readings.stream().mapToLong(SourceReading::beyondBytes).sum());
        long left = lefts.stream().mapToLong(Long::longValue).sum();
        List<SiteStatus.Source> plain =
                readings.stream().map(SourceReading::source).toList();
        if (left == 0) {
            return new Forecast(plain, new SiteStatus.Estimate(0, Optional.empty(), "nothing is left to be sent"));
        }
        Optional<Long> speed = speed(config.link(), link.bytesPerSecond());
        if (speed.isEmpty()) {
            return new Forecast(
                    plain, new SiteStatus.Estimate(left, Optional.empty(), "the link's speed is not known yet"));
        }
        List<Optional<Instant>> done = BacklogEstimate.inTurn(
                lefts, config.link(), config.site(), link.now(), speed.get(), link.keptCount(), HORIZON);
        Map<SiteStatus.Item, Instant> doneAt = new HashMap<>();
        for (int i = 0; i < turns.size(); i++) {
            SiteStatus.Item item = turns.get(i).item();
            done.get(i).filter(_ -> item.leftBytes() > 0).ifPresent(at -> doneAt.put(item, at));
        }
        String why = done.getLast().isPresent()
                ? ""
                : "not within %d days: windows, rate or budget let too little through".formatted(HORIZON.toDays());
        return new Forecast(
                plain.stream().map(source -> dated(source, doneAt)).toList(),
                new SiteStatus.Estimate(left, done.getLast(), why));
    }

    /// What was seen was held to the rate of its time; another rate may hold later, but no more is known.
    private static Optional<Long> speed(LinkConfig link, Optional<Long> seen) {
        if (seen.isPresent()) {
            return seen.filter(speed -> speed > 0);
        }
        long rate = link.bytesPerSecond();
        return rate > 0 && rate < LinkConfig.UNLIMITED ? Optional.of(rate) : Optional.empty();
    }

    /// As the ship loop takes them: what is on its way, then by priority, then by time.
    private static List<Turn> turns(AgentConfig config, List<SourceReading> readings) {
        Comparator<Turn> byTime =
                Comparator.comparing(turn -> turn.item().from().orElse(Instant.MAX));
        Comparator<Turn> byOrder = config.order() == ShippingOrder.FRESHEST_FIRST
                ? Comparator.comparing(
                        (Turn turn) -> turn.item().until().orElse(Instant.MIN), Comparator.reverseOrder())
                : byTime;
        return readings.stream()
                .flatMap(reading -> reading.source().items().stream().map(item -> new Turn(reading, item)))
                .sorted(Comparator.comparing((Turn turn) -> turn.item().stage() != SiteStatus.Stage.SENDING)
                        .thenComparingInt(turn -> -turn.reading().priority())
                        .thenComparing(byOrder))
                .toList();
    }

    private static SiteStatus.Source dated(SiteStatus.Source source, Map<SiteStatus.Item, Instant> doneAt) {
        List<SiteStatus.Item> items = source.items().stream()
                .map(item -> new SiteStatus.Item(
                        item.block(),
                        item.stage(),
                        item.from(),
                        item.until(),
                        item.sizeBytes(),
                        item.sentBytes(),
                        Optional.ofNullable(doneAt.get(item))))
                .toList();
        return source.with(items);
    }
}
