package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Rule;
import io.edgeship.block.verify.Verdict;
import io.edgeship.block.verify.Violation;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Place;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/// Verifies and seals what was taken. Verifying reads the whole block and holds no monitor: only the scanning thread
/// adds to or takes from `incoming/`.
final class Sealing {
    private static final Log LOG = Log.of(Sealing.class);

    /// Tombstones never leave the site, and no reader trusts the totals: a hole in the data would be worse.
    private static final Set<Rule> HARMLESS = EnumSet.of(Rule.TOMBSTONES_READABLE, Rule.TOTALS_AGREE);

    private final Spool spool;
    private final ExternalLabels labels;
    private final Losses losses;
    private volatile FutureGuard future;

    /// Found sound and not sealed yet: not verified again while their labels are unknown.
    private final Map<BlockId, BlockMeta> sound = new HashMap<>();

    Sealing(Spool spool, ExternalLabels labels, Losses losses) {
        this.spool = spool;
        this.labels = labels;
        this.losses = losses;
        future = FutureGuard.timeless(spool);
    }

    /// Has blocks of the future noticed.
    void guard(FutureGuard guard) {
        future = guard;
    }

    /// @param look    asked under the spool's monitor
    /// @param held    gets what cannot be sealed, with the reason
    /// @param failed  gets what could not be read
    void run(Intake.Look look, Map<BlockId, String> held, List<String> failed) throws IOException {
        List<Incoming> items = spool.incoming();
        sound.keySet().retainAll(items.stream().map(Incoming::id).toList());
        if (items.isEmpty()) {
            return;
        }
        Optional<SortedMap<String, String>> known = labels.resolve();
        for (Incoming item : items) {
            try {
                run(item, known, look, held);
            } catch (IOException e) { // the next one follows (I5)
                LOG.error("block not sealed, trying again after the next scan", e, "block", item.id());
                held.put(item.id(), "not sealed: " + e.getMessage());
                failed.add(item.id() + " not sealed: " + e.getMessage());
            }
        }
    }

    private void run(
            Incoming item, Optional<SortedMap<String, String>> known, Intake.Look look, Map<BlockId, String> held)
            throws IOException {
        if (!spool.find(item.id()).equals(Optional.of(Place.INCOMING))) {
            return; // replaced by a merged block, a moment ago
        }
        Optional<BlockMeta> meta = verified(item);
        if (meta.isEmpty()) {
            return;
        }
        if (known.isEmpty()) {
            held.put(item.id(), "its labels are not known yet: Prometheus has not answered once");
            return;
        }
        synchronized (spool) {
            seal(item, meta.get(), known.get(), look.chooser(), held);
        }
    }

    /// Empty if the block is corrupt; then it has been set aside.
    private Optional<BlockMeta> verified(Incoming item) throws IOException {
        BlockMeta before = sound.get(item.id());
        if (before != null) {
            return Optional.of(before);
        }
        return switch (BlockVerifier.verify(item.dir(), item.id())) {
            case Verdict.Broken(var violations, var meta)
            when meta != null && areHarmless(violations) -> {
                LOG.warn("block has a flaw that harms no reader, shipped as it is", "why", violations.getFirst());
                sound.put(item.id(), meta);
                yield Optional.of(meta);
            }
            case Verdict.Broken(var violations, var meta) -> {
                String detail = violations.getFirst().toString();
                LOG.error("block is corrupt, set aside", "block", item.id(), "why", detail);
                spool.quarantine(item.id(), losses.of(item.id(), meta, Loss.Reason.REASON_CORRUPT, detail));
                yield Optional.empty();
            }
            case Verdict.Sound(var meta, var _) -> {
                sound.put(item.id(), meta);
                yield Optional.of(meta);
            }
        };
    }

    /// Fewer than the verifier gives up after, so there are no others behind them.
    private static boolean areHarmless(List<Violation> violations) {
        return violations.size() < BlockVerifier.VIOLATIONS_MAX
                && violations.stream().allMatch(violation -> HARMLESS.contains(violation.rule()));
    }

    /// Only a block found sound replaces its parents, and only while none of them is on its way.
    private void seal(
            Incoming item,
            BlockMeta meta,
            SortedMap<String, String> known,
            BlockChooser chooser,
            Map<BlockId, String> held)
            throws IOException {
        switch (chooser.choose(meta, Optional.empty())) {
            case BlockChoice.Take(var replaces) -> {
                Optional<String> early = future.holds(meta);
                if (early.isPresent()) {
                    held.put(item.id(), early.get());
                    return;
                }
                spool.replaceParents(item.id(), replaces);
                spool.seal(item.id(), future.noted(Sealer.seal(meta, item.dir(), known)));
                sound.remove(item.id());
            }
            case BlockChoice.Skip(var reason) -> held.put(item.id(), reason);
            case BlockChoice.Hold(var reason) -> held.put(item.id(), reason);
            case BlockChoice.Keep(var reason) -> held.put(item.id(), reason);
            case BlockChoice.Known _ -> throw new IllegalStateException("asked without a place");
        }
    }
}
