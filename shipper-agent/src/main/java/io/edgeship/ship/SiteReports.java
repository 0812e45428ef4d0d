package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.SiteMessages;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.http.Metrics;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Tells the centre how the site fares: a heartbeat for each spool after contact with the bucket, and its loss
/// records. What fails here is tried again later and never holds up a block. Used by one thread.
public final class SiteReports {
    private static final Log LOG = Log.of(SiteReports.class);
    private static final Duration REPEAT_AFTER = Duration.ofMinutes(15);

    /// While blocks are on their way: a heartbeat that lists a long backlog is not small on a metered link.
    private static final Duration BETWEEN_BLOCKS = Duration.ofMinutes(1);

    /// A backlog so long needs no list of its members.
    private static final int OUTSTANDING_MAX = 1000;

    private final String site;
    private final Bucket bucket;

    /// What was sent last, by key.
    private final Map<String, Sent> sent = new HashMap<>();

    private boolean failing;
    private volatile Optional<Instant> lastHeartbeat = Optional.empty();

    private record Sent(Object message, long atNanos) {
        boolean isOlderThan(Duration age) {
            return System.nanoTime() - atNanos > age.toNanos();
        }
    }

    public SiteReports(String site, Bucket bucket) {
        this.site = site;
        this.bucket = bucket;
    }

    /// Sends what has changed since the last time; heartbeats again after a quarter of an hour.
    ///
    /// @param atRest whether nothing more is to be sent now; else a heartbeat goes once a minute at most
    public void send(List<Lane> lanes, boolean atRest) throws IOException {
        List<String> incarnations = lanes.stream()
                .map(lane -> lane.source().spool().incarnation())
                .sorted()
                .toList();
        for (Lane lane : lanes) {
            Heartbeat heartbeat = heartbeat(lane, incarnations);
            List<Loss> losses = lane.source().spool().losses();
            try {
                send(heartbeat, atRest);
                for (Loss loss : losses) {
                    send(loss);
                }
                sendDeleteRequests(lane);
                failing = false;
            } catch (BucketException e) {
                failed(e);
                return; // the next would fare no better
            }
        }
    }

    /// Loud once: the same trouble comes up after each block.
    private void failed(BucketException e) {
        if (failing) {
            LOG.debug("report not sent, trying again later", "err", e.getMessage());
        } else {
            LOG.warn("report not sent, trying again later: the centre will not see how this site fares", e);
        }
        failing = true;
    }

    /// Whether the bucket takes a heartbeat right now.
    boolean reaches(Lane lane) throws IOException {
        try {
            put(heartbeat(lane, List.of(lane.source().spool().incarnation())));
            return true;
        } catch (BucketException e) {
            failed(e);
            return false;
        }
    }

    private void send(Heartbeat heartbeat, boolean atRest) throws BucketException {
        Sent before = sent.get(key(heartbeat));
        boolean changed = before == null || !before.message().equals(state(heartbeat));
        boolean mayGo = before == null || atRest || before.isOlderThan(BETWEEN_BLOCKS);
        if ((changed && mayGo) || (before != null && before.isOlderThan(REPEAT_AFTER))) {
            put(heartbeat);
        }
    }

    private void put(Heartbeat heartbeat) throws BucketException {
        bucket.put(key(heartbeat), Body.of(heartbeat.toByteArray()));
        sent.put(key(heartbeat), new Sent(state(heartbeat), System.nanoTime()));
        lastHeartbeat = bucket.clock().now();
    }

    /// When the bucket took the last heartbeat, by the store's clock. May be called by any thread.
    public Optional<Instant> lastHeartbeat() {
        return lastHeartbeat;
    }

    /// Where the heartbeat of a lane's spool lies.
    String heartbeatKey(Lane lane) {
        return BucketLayout.heartbeatKey(site, lane.source().spool().incarnation());
    }

    private String key(Heartbeat heartbeat) {
        return BucketLayout.heartbeatKey(site, heartbeat.getIncarnation());
    }

    /// What makes a heartbeat worth sending: all but times of day.
    private static Heartbeat state(Heartbeat heartbeat) {
        return heartbeat.toBuilder()
                .setSentAtMs(0)
                .setClockSkewMs(0)
                .setBeganAtMs(0)
                .build();
    }

    private void send(Loss loss) throws BucketException {
        String key = BucketLayout.lossKey(site, loss.getIncarnation(), loss.getUlid());
        Sent before = sent.get(key);
        if (before == null || !before.message().equals(loss)) {
            bucket.put(key, Body.of(loss.toByteArray()));
            sent.put(key, new Sent(loss, System.nanoTime()));
        }
    }

    private void sendDeleteRequests(Lane lane) throws BucketException {
        Optional<byte[]> requests = lane.source().deleteRequestsForTheCentre();
        if (requests.isPresent()) {
            String key =
                    BucketLayout.deleteRequestsKey(site, lane.source().spool().incarnation());
            ByteBuffer message = ByteBuffer.wrap(requests.get());
            Sent before = sent.get(key);
            if (before == null || !before.message().equals(message)) {
                bucket.put(key, Body.of(requests.get()));
                sent.put(key, new Sent(message, System.nanoTime()));
            }
        }
    }

    /// @param incarnations of all spools of this agent: they belong to one box
    private Heartbeat heartbeat(Lane lane, List<String> incarnations) throws IOException {
        Spool spool = lane.source().spool();
        int awaiting = Receipts.awaited(lane).size();
        List<Item> ready;
        List<Incoming> incoming;
        List<ShippedRecord> shipped;
        synchronized (spool) {
            ready = spool.ready();
            incoming = spool.incoming();
            shipped = spool.shippedRecords();
        }
        Heartbeat.Builder heartbeat = Heartbeat.newBuilder()
                .setVersion(SiteMessages.VERSION)
                .setSite(site)
                .setIncarnation(spool.incarnation())
                .setAgentVersion(Metrics.version())
                .setClockSkewMs(bucket.clock().skew().orElse(Duration.ZERO).toMillis())
                .setBacklogItems(ready.size() + incoming.size())
                .setBacklogBytes(Item.bytesToSend(ready)
                        + incoming.stream().mapToLong(Incoming::sizeBytes).sum())
                .setLosses(spool.losses().size())
                .addAllAgentIncarnations(incarnations)
                .setAwaitingReceipt(awaiting)
                .setBeganAtMs(FirstContact.millis(spool, bucket.clock()))
                .setDataUntilMs(dataUntil(ready, shipped));
        bucket.clock().now().ifPresent(now -> heartbeat.setSentAtMs(now.toEpochMilli()));
        Stream.concat(ready.stream().map(Item::id), incoming.stream().map(Incoming::id))
                .limit(OUTSTANDING_MAX)
                .map(BlockId::toString)
                .forEach(heartbeat::addOutstandingUlids);
        return heartbeat.build();
    }

    private static long dataUntil(List<Item> ready, List<ShippedRecord> shipped) {
        long shippedUntil = shipped.stream()
                .mapToLong(record -> record.range().maxTime())
                .max()
                .orElse(0);
        long owedFrom =
                ready.stream().mapToLong(item -> item.range().minTime()).min().orElse(Long.MAX_VALUE);
        return Math.min(shippedUntil, owedFrom);
    }
}
