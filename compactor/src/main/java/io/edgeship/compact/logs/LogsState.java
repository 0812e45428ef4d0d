package io.edgeship.compact.logs;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.message.v1.LogSegment;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.compact.intake.InboxItem;
import io.edgeship.runtime.log.Log;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/// What has come of each spool, kept in one object of the logs' bucket. It is written before the receipts of a cycle:
/// a crash in between has the same segments come again, which changes nothing. Not thread-safe.
public final class LogsState {
    private static final Log LOG = Log.of(LogsState.class);
    private static final int VERSION = 1;

    /// Of one site; the newest of them.
    private static final int SPOOLS_MAX = 16;

    /// A spool of which nothing came for so long before another's last segment was on a box that is gone.
    private static final long FORMER_AFTER_MILLIS = Duration.ofDays(7).toMillis();

    private final Map<String, Map<String, SpoolLogs>> sites = new TreeMap<>();

    /// As the bucket has it. What cannot be read counts as absent: then all segments before the next count as missing.
    ///
    /// @throws IOException if it cannot be read now, or is of a later build
    public static LogsState read(Bucket bucket) throws IOException {
        String key = BucketLayout.LOGS_STATE;
        LogsState state = new LogsState();
        try (InputStream in = new GZIPInputStream(bucket.get(key))) {
            JsonObject json = JsonObject.parse(key, in.readNBytes(JsonObject.BYTES_MAX + 1));
            if (json.requiredInteger("version") > VERSION) {
                throw new IOException(key + " is of a later build");
            }
            for (JsonObject spool : json.objects("spools")) {
                state.put(SpoolLogs.parse(spool));
            }
        } catch (BucketException.NotFound e) {
            LOG.info("nothing has been taken in yet", "key", key);
        } catch (CorruptFormatException | ZipException | EOFException e) {
            LOG.error("what has come of each site cannot be read, beginning anew", "key", key, "err", e.getMessage());
            return new LogsState();
        }
        return state;
    }

    private void put(SpoolLogs spool) {
        Map<String, SpoolLogs> ofSite = sites.computeIfAbsent(spool.site(), _ -> new TreeMap<>());
        ofSite.put(spool.incarnation(), spool);
        if (ofSite.size() > SPOOLS_MAX) {
            ofSite.values().stream()
                    .min(Comparator.comparingLong(SpoolLogs::lastMillis))
                    .ifPresent(oldest -> ofSite.remove(oldest.incarnation()));
        }
    }

    /// Takes note of a segment; the same once more changes nothing. What a site says of later than now is taken for
    /// now.
    void add(InboxItem item, LogSegment segment, SegmentTotals totals, long nowMillis) {
        SpoolLogs before = sites.getOrDefault(item.site(), Map.of())
                .getOrDefault(item.incarnation(), SpoolLogs.none(item.site(), item.incarnation()));
        long until = segment.getCompleteThroughMs() > 0 ? segment.getCompleteThroughMs() : totals.newestMillis();
        SequenceRange range =
                new SequenceRange(segment.getSequence(), segment.getSequence(), Math.min(until, nowMillis));
        put(before.with(range, totals, nowMillis));
    }

    void write(Bucket bucket) throws IOException {
        List<JsonObject> spools = new ArrayList<>();
        sites.values().forEach(ofSite -> ofSite.values().forEach(spool -> spools.add(spool.toJson())));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(JsonObject.empty()
                    .with("version", VERSION)
                    .with("spools", spools)
                    .toCompactBytes());
        }
        bucket.put(BucketLayout.LOGS_STATE, Body.of(bytes.toByteArray()));
    }

    /// One entry a site, by name.
    public List<SiteLogs> bySite() {
        return sites.entrySet().stream()
                .map(site -> of(site.getKey(), site.getValue().values()))
                .toList();
    }

    private static SiteLogs of(String site, Collection<SpoolLogs> all) {
        long last = all.stream().mapToLong(SpoolLogs::lastMillis).max().orElse(0);
        List<SpoolLogs> current = all.stream()
                .filter(spool -> last - spool.lastMillis() <= FORMER_AFTER_MILLIS)
                .toList();
        return new SiteLogs(
                site,
                current.stream().mapToLong(SpoolLogs::untilMillis).max().orElse(0),
                all.stream().mapToLong(SpoolLogs::newestLineMillis).max().orElse(0),
                current.stream().mapToLong(SpoolLogs::missing).sum(),
                all.stream().mapToLong(SpoolLogs::chunks).sum(),
                all.stream().mapToLong(SpoolLogs::lines).sum(),
                all.stream().mapToLong(SpoolLogs::bytes).sum(),
                last);
    }
}
