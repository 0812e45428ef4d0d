package io.edgeship.agent;

import io.edgeship.agent.status.SiteStatus;
import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.Quarantined;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import io.edgeship.ship.ShippingOrder;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a spool holds, for [SiteStatus]. What moves on meanwhile may be missing.
///
/// @param beyondBytes of the items that are not listed
record SourceReading(SiteStatus.Source source, int priority, long beyondBytes) {
    /// So many items, losses and blocks in quarantine are listed; all are counted.
    static final int LISTED_MAX = 100;

    /// What only a running agent knows.
    ///
    /// @param sending the item on its way
    record Live(
            Optional<BlockId> sending,
            Optional<String> stopped,
            Map<BlockId, String> held,
            int future,
            Optional<SiteStatus.Room> room) {
        static final Live NONE = new Live(Optional.empty(), Optional.empty(), Map.of(), 0, Optional.empty());
    }

    /// Tells how far items got.
    interface Sent {
        long bytes(Item item) throws IOException;
    }

    static SourceReading of(Path path, int priority, Spool spool, AgentConfig agent, Live live, Sent sent)
            throws IOException {
        List<Item> ready = new ArrayList<>(spool.ready());
        if (agent.order() == ShippingOrder.FRESHEST_FIRST) {
            ready.sort(Comparator.comparingLong((Item item) -> item.range().maxTime())
                    .reversed());
        }
        ready.sort(Comparator.comparing(item -> !live.sending().equals(Optional.of(item.id()))));
        List<Incoming> incoming = spool.incoming();
        List<SiteStatus.Item> items = new ArrayList<>();
        for (Item item : ready.subList(0, Math.min(LISTED_MAX, ready.size()))) {
            read(item, agent.transport(), live, sent).ifPresent(items::add);
        }
        incoming.stream()
                .limit(LISTED_MAX - items.size())
                .map(SourceReading::read)
                .forEach(items::add);
        long waiting = Item.bytesToSend(ready)
                + incoming.stream().mapToLong(Incoming::sizeBytes).sum();
        List<Quarantined> aside = spool.quarantined();
        List<Loss> losses = spool.losses();
        SiteStatus.Source source = new SiteStatus.Source(
                path.toString(),
                spool.dir().toString(),
                spool.incarnation(),
                live.stopped(),
                ready.size(),
                incoming.size(),
                waiting,
                (int) items.stream()
                        .filter(item -> item.stage() == SiteStatus.Stage.AWAITING_RECEIPT)
                        .count(),
                live.future(),
                live.room(),
                items,
                lastShipped(spool),
                aside.size(),
                newest(aside.stream().map(Quarantined::loss).toList()),
                held(live.held()),
                losses.size(),
                newest(losses));
        long listed = items.stream().mapToLong(SiteStatus.Item::sizeBytes).sum();
        return new SourceReading(source, priority, Math.max(0, waiting - listed));
    }

    private static Optional<SiteStatus.Item> read(Item item, AgentConfig.Transport transport, Live live, Sent sent)
            throws IOException {
        try {
            boolean delivered = ItemProgress.isDelivered(transport, item);
            boolean sending = live.sending().equals(Optional.of(item.id()));
            SiteStatus.Stage stage = delivered
                    ? SiteStatus.Stage.AWAITING_RECEIPT
                    : sending ? SiteStatus.Stage.SENDING : SiteStatus.Stage.READY;
            long bytes = item.bytesToSend();
            long sentBytes = delivered ? bytes : Math.min(bytes, sent.bytes(item));
            return Optional.of(new SiteStatus.Item(
                    item.id().toString(),
                    stage,
                    Optional.of(Instant.ofEpochMilli(item.range().minTime())),
                    Optional.of(Instant.ofEpochMilli(item.range().maxTime())),
                    bytes,
                    sentBytes,
                    Optional.empty()));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // shipped a moment ago
        }
    }

    private static SiteStatus.Item read(Incoming item) {
        return new SiteStatus.Item(
                item.id().toString(),
                SiteStatus.Stage.INCOMING,
                Optional.empty(),
                Optional.empty(),
                item.sizeBytes(),
                0,
                Optional.empty());
    }

    private static Optional<SiteStatus.Shipped> lastShipped(Spool spool) throws IOException {
        return spool.shippedRecords().stream()
                .max(Comparator.comparing(ShippedRecord::shippedAt))
                .map(last -> new SiteStatus.Shipped(last.id().toString(), last.shippedAt()));
    }

    private static List<SiteStatus.Aside> newest(List<Loss> losses) {
        return losses.stream()
                .sorted(Comparator.comparingLong(Loss::getRecordedAtMs).reversed())
                .limit(LISTED_MAX)
                .map(SourceReading::read)
                .toList();
    }

    private static SiteStatus.Aside read(Loss loss) {
        boolean timed = loss.getMinTimeMs() != 0 || loss.getMaxTimeMs() != 0;
        return new SiteStatus.Aside(
                loss.getUlid(),
                loss.getReason().name().replace("REASON_", "").toLowerCase(Locale.ROOT),
                loss.getDetail(),
                timed ? Optional.of(Instant.ofEpochMilli(loss.getMinTimeMs())) : Optional.empty(),
                timed ? Optional.of(Instant.ofEpochMilli(loss.getMaxTimeMs())) : Optional.empty());
    }

    private static TreeMap<String, String> held(Map<BlockId, String> held) {
        TreeMap<String, String> named = new TreeMap<>();
        held.forEach((block, reason) -> named.put(block.toString(), reason));
        return named;
    }
}
