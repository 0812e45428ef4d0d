package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Place;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.rewrite.BadSourceException;
import io.edgeship.ship.seal.SealPlan;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sets aside, with its bytes, a block from which no new one can be made. Used by the scanning thread.
final class BadSources {
    private static final Log LOG = Log.of(BadSources.class);

    private final Spool spool;
    private final SoundBlocks sound;
    private final Losses losses;
    private final Rewriting rewriting;

    BadSources(Spool spool, SoundBlocks sound, Losses losses, Rewriting rewriting) {
        this.spool = spool;
        this.sound = sound;
        this.losses = losses;
        this.rewriting = rewriting;
    }

    /// The others go on without it.
    ///
    /// @param item whose turn it was
    /// @throws IOException if nobody knows which of them is to blame
    void setAside(BlockId item, SealPlan.Rewrite plan, BadSourceException e) throws IOException {
        String why = String.valueOf(e.getMessage());
        Optional<BlockId> bad = plan.sources().stream()
                .filter(source -> plan.sources().size() == 1 || why.contains(source.toString()))
                .findFirst();
        if (bad.isEmpty()) {
            rewriting.retries().failed(item);
            throw new IOException("one of " + plan.sources() + " is bad: " + why, e);
        }
        BlockId id = bad.get();
        LOG.error("block cannot be written anew, set aside", "block", id, "why", why);
        BlockMeta meta = metaOf(id);
        spool.quarantine(id, losses.of(id, meta, Loss.Reason.REASON_CORRUPT, why));
    }

    /// Of a waiting block; null if it can no longer be read.
    private @Nullable BlockMeta metaOf(BlockId id) throws IOException {
        Optional<SoundBlocks.Sound> incoming = sound.find(id);
        if (incoming.isPresent()) {
            return incoming.get().meta();
        }
        try {
            Path ready = spool.dir().resolve(Place.READY.directory()).resolve(id.toString());
            return BlockMeta.read(ready.resolve(BlockMeta.FILE_NAME));
        } catch (CorruptFormatException | UnsupportedVersionException | NoSuchFileException e) {
            LOG.warn("of a block that is lost not even the time is known", e, "block", id);
            return null;
        }
    }
}
