package io.edgeship.ship.loki;

import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The delete requests of the site's Loki: asked for now and then, remembered in the spool, told to the centre,
/// where the lines that were shipped before still are. Used by the scanning thread; what it tells may be read
/// by any.
final class DeleteRequests {
    private static final Log LOG = Log.of(DeleteRequests.class);
    private static final String KEPT = "delete-requests";
    private static final Duration ASK_EVERY = Duration.ofMinutes(10);

    /// Of more, the oldest that were carried out are forgotten.
    static final int REQUESTS_MAX = 2000;

    private final Optional<LokiApi> api;
    private final ChunkTree tree;
    private final Tenants tenants;
    private final Spool spool;
    private final LongSupplier nanoTime;
    private volatile Map<String, DeleteRequest> known;
    private volatile List<String> siteTenants;
    private Optional<Long> askedAtNanos = Optional.empty();
    private boolean silent;

    DeleteRequests(LokiConfig config, Spool spool, LongSupplier nanoTime) throws IOException {
        api = config.url().map(LokiApi::new);
        tenants = config.tenants();
        this.spool = spool;
        this.nanoTime = nanoTime;
        known = recall(spool);
        tree = new ChunkTree(config.path());
        siteTenants = tree.tenants();
    }

    private static Map<String, DeleteRequest> recall(Spool spool) throws IOException {
        Map<String, DeleteRequest> known = new LinkedHashMap<>();
        String kept = spool.kept(KEPT)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
        for (String line : kept.lines().toList()) {
            try {
                DeleteRequest one = DeleteRequest.read(JsonObject.parse(KEPT, line.getBytes(StandardCharsets.UTF_8)));
                known.put(key(one), one);
            } catch (CorruptFormatException e) {
                LOG.warn("delete request that was remembered cannot be read; Loki is asked again", e);
            }
        }
        return known;
    }

    private static String key(DeleteRequest one) {
        return one.tenant() + "/" + one.id();
    }

    /// Asks Loki if it is time to.
    void askNowAndThen() throws IOException {
        if (askedAtNanos.isEmpty() || nanoTime.getAsLong() - askedAtNanos.get() > ASK_EVERY.toNanos()) {
            ask();
        }
    }

    /// Asks Loki what it has been asked to delete.
    void ask() throws IOException {
        if (api.isEmpty()) {
            return;
        }
        siteTenants = tree.tenants();
        askedAtNanos = Optional.of(nanoTime.getAsLong());
        Map<String, DeleteRequest> next = new LinkedHashMap<>(known);
        for (String tenant : siteTenants) {
            Optional<List<DeleteRequest>> listed = listed(api.get(), tenant);
            if (listed.isEmpty()) {
                break; // it would keep the others waiting as long
            }
            next.replaceAll((_, one) -> one.tenant().equals(tenant) && !isDone(one) ? one.as(DeleteRequest.GONE) : one);
            listed.get().forEach(one -> next.put(key(one), one));
        }
        bound(next);
        if (!next.equals(known)) {
            known = next;
            spool.keep(KEPT, lines(DeleteRequest::toJson));
        }
    }

    private static boolean isDone(DeleteRequest one) {
        return one.status().equals(DeleteRequest.PROCESSED);
    }

    private Optional<List<DeleteRequest>> listed(LokiApi loki, String tenant) {
        try {
            List<DeleteRequest> requests = loki.deleteRequests(tenant);
            silent = false;
            return Optional.of(requests);
        } catch (IOException e) {
            if (!silent) {
                LOG.info(
                        "Loki tells no delete requests: most likely it takes none",
                        "tenant",
                        tenant,
                        "err",
                        e.getMessage());
            }
            silent = true;
            return Optional.empty();
        }
    }

    private static void bound(Map<String, DeleteRequest> requests) {
        List<String> oldest = requests.entrySet().stream()
                .filter(one -> isDone(one.getValue()) || one.getValue().status().equals(DeleteRequest.GONE))
                .sorted(Comparator.comparing(one -> one.getValue().created()))
                .map(Map.Entry::getKey)
                .limit(Math.max(0, requests.size() - REQUESTS_MAX))
                .toList();
        oldest.forEach(requests::remove);
    }

    /// Whether lines of a chunk may have been deleted before it was written.
    ///
    /// @param labels  of its stream
    /// @param written when its file was
    boolean cover(String tenant, Map<String, String> labels, TimeRange lines, Instant written) {
        return known.values().stream()
                .anyMatch(one ->
                        one.tenant().equals(tenant) && !one.created().isAfter(written) && one.covers(labels, lines));
    }

    int count() {
        return known.size();
    }

    /// One a line, each with the request that does the same at the centre; empty if there are none.
    Optional<byte[]> export() {
        return known.isEmpty() ? Optional.empty() : Optional.of(lines(this::atTheCentre));
    }

    private JsonObject atTheCentre(DeleteRequest one) {
        JsonObject json = one.toJson();
        json = json.with("tenant", tenants.map(one.tenant()));
        if (tenants.mergesTenants() && siteTenants.size() > 1) {
            return json.with("by_hand", "at the centre nothing tells the lines of the site's tenants apart");
        }
        Optional<String> query = tenants.mapQuery(one.query());
        return query.isPresent()
                ? json.with("query", query.get())
                : json.with(
                        "by_hand", "the query asks for the label %s, or cannot be read".formatted(tenants.siteLabel()));
    }

    private interface Written {
        JsonObject of(DeleteRequest one);
    }

    private byte[] lines(Written written) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (DeleteRequest one : known.values()) {
            lines.writeBytes(written.of(one).toCompactBytes());
            lines.write('\n');
        }
        return lines.toByteArray();
    }
}
