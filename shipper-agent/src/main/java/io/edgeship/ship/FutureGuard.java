package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.StoreClock;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Place;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Notices blocks that the site's clock dated into the future, by the store's clock: their ULID or their last sample
/// does not exist yet. While the store has not told the time, nothing does. Thread-safe.
final class FutureGuard {
    private static final Log LOG = Log.of(FutureGuard.class);

    /// In `thanos.extensions`.
    static final String EXTENSION = "edgeship_clock";

    /// In the spool: blocks that a person wants shipped all the same.
    private static final String ALLOWED = "future-allowed";

    private final FutureSamples config;
    private final StoreClock clock;
    private final Spool spool;

    /// The latest time of each block that was found ahead and is not sealed.
    private final Map<BlockId, Instant> found = new ConcurrentHashMap<>();

    FutureGuard(FutureSamples config, StoreClock clock, Spool spool) {
        this.config = config;
        this.clock = clock;
        this.spool = spool;
    }

    /// One that nobody tells the time, and so finds nothing.
    static FutureGuard timeless(Spool spool) {
        return new FutureGuard(FutureSamples.DEFAULT, new StoreClock(InstantSource.system(), System::nanoTime), spool);
    }

    /// By how much a time is ahead, if by more than is tolerated.
    private Optional<Duration> ahead(Instant latest) {
        return clock.now()
                .map(now -> Duration.between(now, latest))
                .filter(ahead -> ahead.compareTo(config.tolerance()) > 0);
    }

    private static Instant latest(BlockId id, TimeRange range) {
        return Instant.ofEpochMilli(Math.max(id.timeMillis(), range.maxTime()));
    }

    /// Why the block is not to be shipped yet; says so once if it is in the future.
    Optional<String> holds(BlockMeta meta) throws IOException {
        Instant latest = latest(meta.id(), meta.range());
        Optional<Duration> ahead = ahead(latest);
        if (ahead.isEmpty()) {
            found.remove(meta.id());
            return Optional.empty();
        }
        if (found.put(meta.id(), latest) == null) {
            LOG.warn(
                    "block is of the future: this site's clock was ahead when it was written",
                    "block",
                    meta.id(),
                    "until",
                    latest,
                    "ahead",
                    ahead.get(),
                    "policy",
                    config.policy());
        }
        if (config.policy() == FutureSamples.Policy.REPORT || isAllowed(meta.id())) {
            return Optional.empty();
        }
        return Optional.of(("its times are in the future, until %s; it is shipped then, or after "
                        + "edgeship queue retry %s --force")
                .formatted(latest, meta.id()));
    }

    /// The sealed block, which says by how much it is ahead, if it is.
    BlockMeta noted(BlockMeta sealed) throws CorruptFormatException {
        Optional<Duration> ahead = ahead(latest(sealed.id(), sealed.range()));
        ThanosMeta thanos = sealed.thanos();
        if (ahead.isEmpty() || thanos == null) {
            return sealed;
        }
        JsonObject note = JsonObject.empty()
                .with("ahead_ms", ahead.get().toMillis())
                .with("skew_ms", clock.skew().orElse(Duration.ZERO).toMillis());
        return sealed.withThanos(thanos.withExtension(EXTENSION, note));
    }

    /// How many blocks in the spool are ahead now, held or not.
    int count() throws IOException {
        found.keySet().removeIf(id -> !spool.find(id).equals(Optional.of(Place.INCOMING)));
        long ready = spool.ready().stream()
                .filter(item -> ahead(latest(item.id(), item.range())).isPresent())
                .count();
        long held = found.values().stream().filter(at -> ahead(at).isPresent()).count();
        return Math.toIntExact(ready + held);
    }

    /// A block that was written anew is what a person allowed, under another name.
    private boolean isAllowed(BlockId id) throws IOException {
        Set<BlockId> allowed = allowed(spool);
        return allowed.contains(id) || spool.origins(id).stream().anyMatch(allowed::contains);
    }

    /// Lets a block be shipped though its time has not come: a person's word, also for what is made of it.
    static void allow(Spool spool, BlockId id) throws IOException {
        Set<BlockId> allowed = allowed(spool);
        allowed.add(id);
        Set<BlockId> waiting = new HashSet<>(Set.of(id));
        for (Incoming item : spool.incoming()) {
            Set<BlockId> names = names(spool, item);
            waiting.addAll(names);
            if (item.id().equals(id)) {
                allowed.addAll(names);
            }
        }
        allowed.retainAll(waiting);
        String lines = allowed.stream().map(one -> one + "\n").collect(Collectors.joining());
        spool.keep(ALLOWED, lines.getBytes(StandardCharsets.US_ASCII));
    }

    /// Its own, and those of the blocks that it was made of.
    private static Set<BlockId> names(Spool spool, Incoming item) throws IOException {
        Set<BlockId> names = new HashSet<>(spool.origins(item.id()));
        names.add(item.id());
        try {
            names.addAll(BlockMeta.read(item.dir().resolve(BlockMeta.FILE_NAME))
                    .compaction()
                    .sources());
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            LOG.debug("meta.json says nothing", "block", item.id(), "err", e.getMessage());
        }
        return names;
    }

    private static Set<BlockId> allowed(Spool spool) throws IOException {
        return spool.kept(ALLOWED)
                .map(lines -> new String(lines, StandardCharsets.US_ASCII))
                .orElse("")
                .lines()
                .flatMap(line -> BlockId.tryParse(line).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
