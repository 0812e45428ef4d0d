package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.tombstones.Tombstones;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Rule;
import io.edgeship.block.verify.Verdict;
import io.edgeship.block.verify.Violation;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Spool;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.seal.WaitingBlock.Flaw;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What was taken and found sound, and is not sealed yet. Verifying reads the whole block, so it is done once; a
/// corrupt one is set aside.
final class SoundBlocks {
    private static final Log LOG = Log.of(SoundBlocks.class);

    /// Unreadable tombstones never leave the site, and no reader trusts the totals: a hole in the data would be
    /// worse.
    private static final Set<Rule> HARMLESS = EnumSet.of(Rule.TOMBSTONES_READABLE, Rule.TOTALS_AGREE);

    private final Spool spool;
    private final Losses losses;
    private final Map<BlockId, Sound> sound = new HashMap<>();

    SoundBlocks(Spool spool, Losses losses) {
        this.spool = spool;
        this.losses = losses;
    }

    record Sound(BlockMeta meta, Flaw flaw) {}

    /// Forgets all but these.
    void retain(Collection<BlockId> ids) {
        sound.keySet().retainAll(ids);
    }

    Optional<Sound> find(BlockId id) {
        return Optional.ofNullable(sound.get(id));
    }

    /// Empty if the block is corrupt; then it has been set aside.
    Optional<Sound> verified(Incoming item) throws IOException {
        Sound before = sound.get(item.id());
        if (before != null) {
            return Optional.of(before);
        }
        Optional<Sound> found = switch (BlockVerifier.verify(item.dir(), item.id())) {
            case Verdict.Broken(var violations, var meta)
            when meta != null && areHarmless(violations) -> {
                LOG.warn("block has a flaw that harms no reader", "why", violations.getFirst());
                yield Optional.of(new Sound(meta, flaw(item, violations)));
            }
            case Verdict.Broken(var violations, var meta) -> {
                String detail = violations.getFirst().toString();
                LOG.error("block is corrupt, set aside", "block", item.id(), "why", detail);
                spool.quarantine(item.id(), losses.of(item.id(), meta, Loss.Reason.REASON_CORRUPT, detail));
                yield Optional.empty();
            }
            case Verdict.Sound(var meta, var content) ->
                Optional.of(
                        new Sound(meta, flaw(item, content.chunksByEncoding().keySet())));
        };
        found.ifPresent(one -> sound.put(item.id(), one));
        return found;
    }

    /// Fewer than the verifier gives up after, so there are no others behind them.
    private static boolean areHarmless(List<Violation> violations) {
        return violations.size() < BlockVerifier.VIOLATIONS_MAX
                && violations.stream().allMatch(violation -> HARMLESS.contains(violation.rule()));
    }

    /// The verifier counts nothing in a block that breaks a rule. Tombstones that nobody can read go: nothing could
    /// be written anew beside them.
    private static Flaw flaw(Incoming item, List<Violation> violations) throws IOException {
        if (violations.stream().anyMatch(violation -> violation.rule() == Rule.TOMBSTONES_READABLE)) {
            new DurableFiles(Disk.system()).delete(item.dir().resolve(Tombstones.FILE_NAME)); // our name of it only
        }
        Set<Encoding> encodings = EnumSet.noneOf(Encoding.class);
        try (BlockReader reader = BlockReader.open(BlockFiles.of(item.dir()))) {
            reader.forEachSeries(List.of(), series -> {
                for (TimedChunk chunk : series.readChunks()) {
                    encodings.add(chunk.chunk().encoding());
                }
            });
        }
        return flaw(item, encodings);
    }

    private static Flaw flaw(Incoming item, Set<Encoding> encodings) throws IOException {
        if (encodings.contains(Encoding.UNKNOWN)) {
            return new Flaw.Unknown("it has chunks of an encoding that this version does not know: update Edgeship");
        }
        Set<String> unreadable = new TreeSet<>();
        for (Encoding encoding : encodings) {
            if (!encoding.readByThanos()) {
                unreadable.add(encoding.toString());
            }
        }
        if (!unreadable.isEmpty()) {
            return new Flaw.Mendable("a stock Thanos cannot read its chunks of " + String.join(", ", unreadable));
        }
        return Tombstones.read(item.dir()).isEmpty()
                ? new Flaw.None()
                : new Flaw.Mendable("samples were deleted from it");
    }
}
