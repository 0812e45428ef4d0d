package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import io.edgeship.queue.BlockVanishedException;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Place;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// One Prometheus data directory: finds its finished blocks, links them into the spool at once, then verifies and seals
/// what is
/// linked. All methods that change the spool hold its monitor, so that scanning and shipping may run side by side.
public final class PrometheusSource implements AutoCloseable {
    private static final Log LOG = Log.of(PrometheusSource.class);
    private static final String FIRST_START = "first-start";

    private final SourceConfig config;
    private final Spool spool;
    private final ShipperStateFile stateFile;
    private final ExternalLabels labels;
    private final Losses losses;
    private final Instant firstStart;
    private final BlockChooser chooser;
    private volatile Optional<BlockId> sending = Optional.empty();
    private volatile Map<BlockId, String> held = Map.of();

    private PrometheusSource(
            SourceConfig config, Spool spool, ExternalLabels labels, Losses losses, Instant firstStart) {
        this.config = config;
        this.spool = spool;
        this.stateFile = new ShipperStateFile(config.path(), spool);
        this.labels = labels;
        this.losses = losses;
        this.firstStart = firstStart;
        this.chooser = new BlockChooser(spool, config.backfill(), firstStart);
    }

    /// Opens the spool and, first thing, writes the file that Prometheus waits for. A sidecar's list is taken over.
    public static PrometheusSource open(SourceConfig config, String siteLabel, String site, InstantSource clock)
            throws IOException {
        Spool spool = Spool.open(config.spool());
        try {
            ExternalLabels labels = new ExternalLabels(config, spool, siteLabel, site);
            Losses losses = new Losses(site, spool.incarnation(), clock);
            PrometheusSource source = new PrometheusSource(config, spool, labels, losses, firstStart(spool, clock));
            source.adopt(source.stateFile.begin());
            return source;
        } catch (IOException | RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    private static Optional<Instant> kept(Spool spool) throws IOException {
        return spool.kept(FIRST_START)
                .map(bytes -> Instant.ofEpochMilli(Long.parseLong(new String(bytes, StandardCharsets.US_ASCII))));
    }

    private static Instant firstStart(Spool spool, InstantSource clock) throws IOException {
        Optional<Instant> kept = kept(spool);
        if (kept.isPresent()) {
            return kept.get();
        }
        Instant now = clock.instant();
        spool.keep(FIRST_START, Long.toString(now.toEpochMilli()).getBytes(StandardCharsets.US_ASCII));
        return now;
    }

    private void adopt(List<BlockId> shippedBySidecar) throws IOException {
        for (Found block : blocks()) {
            if (shippedBySidecar.contains(block.meta().id())
                    && spool.find(block.meta().id()).isEmpty()) {
                BlockMeta meta = block.meta();
                spool.adopt(new ShippedRecord(
                        meta.id(),
                        meta.range(),
                        meta.compaction().level(),
                        meta.compaction().sources(),
                        block.dir().toString(),
                        0,
                        firstStart));
            }
        }
    }

    public SourceConfig config() {
        return config;
    }

    public Spool spool() {
        return spool;
    }

    public Losses losses() {
        return losses;
    }

    /// Blocks that can be neither shipped nor forgotten, with the reason.
    public Map<BlockId, String> held() {
        return held;
    }

    /// Says which item is being sent, so that a scan does not take it away.
    public void sending(Optional<BlockId> id) {
        sending = id;
    }

    /// Takes what is new, seals what can be sealed, and tells Prometheus.
    public void scan() throws IOException {
        synchronized (spool) {
            List<Found> blocks = blocks();
            Map<BlockId, String> waiting = new TreeMap<>();
            List<BlockId> done = new ArrayList<>();
            for (Found block : blocks) {
                consider(block, waiting, done);
            }
            sealIncoming(waiting);
            held = Map.copyOf(waiting);
            forgetGone(blocks);
            stateFile.write(done);
        }
    }

    /// What a scan would do with each block, oldest first. Nothing is changed, and the agent may be running.
    public static Map<Found, BlockChoice> preview(SourceConfig config, InstantSource clock) throws IOException {
        Map<Found, BlockChoice> choices = new LinkedHashMap<>();
        if (!Files.isDirectory(config.spool())) {
            for (Found block : BlockScan.blocks(config.path(), (_, _, _) -> {})) {
                choices.put(
                        block,
                        BlockChoice.decide(
                                block.meta(),
                                Optional.empty(),
                                Set.of(),
                                Map.of(),
                                config.backfill(),
                                clock.instant()));
            }
            return choices;
        }
        try (Spool spool = Spool.look(config.spool())) {
            Instant firstStart = kept(spool).orElseGet(clock::instant);
            BlockChooser chooser = new BlockChooser(spool, config.backfill(), firstStart);
            for (Found block : BlockScan.blocks(config.path(), (_, _, _) -> {})) {
                choices.put(
                        block,
                        chooser.choose(block.meta(), spool.find(block.meta().id()), Optional.empty()));
            }
        }
        return choices;
    }

    private void consider(Found block, Map<BlockId, String> waiting, List<BlockId> done) throws IOException {
        BlockId id = block.meta().id();
        switch (chooser.choose(block.meta(), spool.find(id), sending)) {
            case BlockChoice.Take _ -> {
                if (take(block)) {
                    done.add(id);
                }
            }
            case BlockChoice.Known _, BlockChoice.Skip _ -> done.add(id);
            case BlockChoice.Hold(var reason) -> {
                waiting.put(id, reason);
                if (!held.containsKey(id)) {
                    LOG.warn("block held back", "block", id, "reason", reason);
                }
            }
        }
    }

    private boolean take(Found block) throws IOException {
        BlockId id = block.meta().id();
        try {
            spool.take(id, block.dir());
            LOG.info(
                    "block taken",
                    "block",
                    id,
                    "level",
                    block.meta().compaction().level());
            return true;
        } catch (BlockVanishedException e) {
            // Merged or deleted by retention between the look and the link; a merged block shows up in its place.
            LOG.warn("block vanished while it was linked; a merged one may hold its samples", e, "block", id);
            return false;
        }
    }

    private void sealIncoming(Map<BlockId, String> waiting) throws IOException {
        List<Incoming> items = spool.incoming();
        if (items.isEmpty()) {
            return;
        }
        Optional<SortedMap<String, String>> known = labels.resolve();
        for (Incoming item : items) {
            if (!spool.find(item.id()).equals(Optional.of(Place.INCOMING))) {
                continue; // replaced by a merged block, a moment ago
            }
            switch (BlockVerifier.verify(item.dir(), item.id())) {
                case Verdict.Broken(var violations, var meta) -> {
                    String detail = violations.getFirst().toString();
                    LOG.error("block is corrupt, set aside", "block", item.id(), "why", detail);
                    spool.quarantine(item.id(), losses.of(item.id(), meta, Loss.Reason.REASON_CORRUPT, detail));
                }
                case Verdict.Sound(var meta, var _) -> {
                    if (known.isPresent()) {
                        seal(item, meta, known.get(), waiting);
                    }
                }
            }
        }
    }

    /// Only a block found sound replaces its parents, and only while none of them is on its way.
    private void seal(Incoming item, BlockMeta meta, Map<String, String> known, Map<BlockId, String> waiting)
            throws IOException {
        switch (chooser.choose(meta, Optional.empty(), sending)) {
            case BlockChoice.Take(var replaces) -> {
                spool.replaceParents(item.id(), replaces);
                spool.seal(item.id(), Sealer.seal(meta, item.dir(), known));
            }
            case BlockChoice.Skip(var reason) -> waiting.put(item.id(), reason);
            case BlockChoice.Hold(var reason) -> waiting.put(item.id(), reason);
            case BlockChoice.Known _ -> throw new IllegalStateException("asked without a place");
        }
    }

    private void forgetGone(List<Found> blocks) throws IOException {
        Set<BlockId> there = new HashSet<>();
        for (Found block : blocks) {
            there.add(block.meta().id());
            there.addAll(block.meta().compaction().sources()); // a merged block must still find what was sent of it
        }
        for (ShippedRecord record : spool.shippedRecords()) {
            boolean mayCome =
                    there.contains(record.id()) || record.sources().stream().anyMatch(there::contains);
            if (!mayCome) {
                spool.forgetShipped(record.id());
            }
        }
    }

    private List<Found> blocks() throws IOException {
        return BlockScan.blocks(config.path(), this::unreadable);
    }

    /// A block whose meta.json says nothing cannot be chosen; it is kept, bytes and all, and the loss is on record.
    private void unreadable(Path dir, BlockId id, String why) throws IOException {
        if (spool.find(id).isPresent()) {
            return;
        }
        try {
            spool.take(id, dir);
            LOG.error("block is corrupt, set aside", "block", id, "why", why);
            spool.quarantine(id, losses.of(id, null, Loss.Reason.REASON_CORRUPT, why));
        } catch (BlockVanishedException e) {
            LOG.warn("block vanished while it was linked", e, "block", id);
        }
    }

    /// Writes what the bucket confirmed into the file that Prometheus waits for: the agent lets go of this source.
    public void release() throws IOException {
        synchronized (spool) {
            List<BlockId> confirmed = blocks().stream()
                    .map(block -> block.meta().id())
                    .filter(id -> spool.find(id).equals(Optional.of(Place.SHIPPED)))
                    .toList();
            stateFile.write(confirmed);
        }
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
