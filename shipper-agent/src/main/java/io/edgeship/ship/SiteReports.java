package io.edgeship.ship;

import com.google.protobuf.ByteString;
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
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Tells the centre how the site fares: a heartbeat for each spool after contact with the bucket, and its loss records.
/// What
/// fails here is tried again later and never holds up a block. Not thread-safe.
public final class SiteReports {
    private static final Log LOG = Log.of(SiteReports.class);
    private static final int VERSION = 1;
    private static final Duration REPEAT_AFTER = Duration.ofMinutes(15);

    /// A backlog so long needs no list of its members.
    private static final int OUTSTANDING_MAX = 1000;

    private final String site;
    private final Bucket bucket;
    private final Set<String> lossesSent = new HashSet<>();
    private ByteString lastState = ByteString.EMPTY;
    private long sentAtNanos;

    public SiteReports(String site, Bucket bucket) {
        this.site = site;
        this.bucket = bucket;
    }

    /// Sends what has changed since the last time, or everything after a quarter of an hour.
    public void send(Collection<PrometheusSource> sources) throws IOException {
        for (PrometheusSource source : sources) {
            Heartbeat heartbeat;
            List<Loss> losses;
            synchronized (source.spool()) {
                heartbeat = heartbeat(source.spool());
                losses = source.spool().losses();
            }
            try {
                send(heartbeat);
                for (Loss loss : losses) {
                    send(loss);
                }
            } catch (BucketException e) {
                LOG.debug("report not sent, trying again later", "err", e.getMessage());
            }
        }
    }

    private void send(Heartbeat heartbeat) throws BucketException {
        ByteString state =
                heartbeat.toBuilder().setSentAtMs(0).setClockSkewMs(0).build().toByteString();
        boolean due = sentAtNanos == 0 || System.nanoTime() - sentAtNanos > REPEAT_AFTER.toNanos();
        if (state.equals(lastState) && !due) {
            return;
        }
        bucket.put(BucketLayout.heartbeatKey(site, heartbeat.getIncarnation()), Body.of(heartbeat.toByteArray()));
        lastState = state;
        sentAtNanos = System.nanoTime();
    }

    private void send(Loss loss) throws BucketException {
        if (!lossesSent.contains(loss.getUlid())) {
            bucket.put(BucketLayout.lossKey(site, loss.getIncarnation(), loss.getUlid()), Body.of(loss.toByteArray()));
            lossesSent.add(loss.getUlid());
        }
    }

    private Heartbeat heartbeat(Spool spool) throws IOException {
        List<Item> ready = spool.ready();
        List<Incoming> incoming = spool.incoming();
        Heartbeat.Builder heartbeat = Heartbeat.newBuilder()
                .setVersion(VERSION)
                .setSite(site)
                .setIncarnation(spool.incarnation())
                .setAgentVersion(Metrics.version())
                .setSentAtMs(bucket.clock().now().orElseGet(Instant::now).toEpochMilli())
                .setClockSkewMs(bucket.clock().skew().orElse(Duration.ZERO).toMillis())
                .setBacklogItems(ready.size() + incoming.size())
                .setBacklogBytes(ready.stream().mapToLong(Item::sizeBytes).sum()
                        + incoming.stream().mapToLong(Incoming::sizeBytes).sum())
                .setLosses(spool.losses().size());
        long shippedUntil = spool.shippedRecords().stream()
                .mapToLong((ShippedRecord record) -> record.range().maxTime())
                .max()
                .orElse(0);
        long owedFrom =
                ready.stream().mapToLong(item -> item.range().minTime()).min().orElse(Long.MAX_VALUE);
        heartbeat.setDataUntilMs(Math.min(shippedUntil, owedFrom));
        ready.stream()
                .limit(OUTSTANDING_MAX)
                .forEach(item -> heartbeat.addOutstandingUlids(item.id().toString()));
        incoming.stream()
                .limit(OUTSTANDING_MAX)
                .forEach(item -> heartbeat.addOutstandingUlids(item.id().toString()));
        return heartbeat.build();
    }
}
