package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/// The way into the spool: a block is taken, then sealed. Each step is committed by a rename.
final class Arrivals {
    private final SpoolLayout layout;
    private final DurableFiles files;
    private final BlockTaker taker;
    private final Items items;

    Arrivals(SpoolLayout layout, Disk disk, Items items) {
        this.layout = layout;
        this.items = items;
        files = new DurableFiles(disk);
        taker = new BlockTaker(disk);
    }

    /// The block is not in the spool yet.
    void take(BlockId id, Path sourceBlock, Instant now) throws IOException {
        items.put(Place.INCOMING, taker.take(id, sourceBlock, layout.item(Place.INCOMING, id), now));
    }

    /// @throws java.nio.file.NoSuchFileException if the block is neither incoming nor ready
    Item seal(BlockId id, BlockMeta sealedMeta, Instant now) throws IOException {
        if (!sealedMeta.id().equals(id)) {
            throw new IllegalArgumentException("meta.json of " + sealedMeta.id() + " for " + id);
        }
        Path ready = layout.item(Place.READY, id);
        if (!Files.isDirectory(ready)) {
            Path incoming = layout.item(Place.INCOMING, id);
            ItemRecord sealed = items.read(Place.INCOMING, id).sealed(sealedMeta.range(), now);
            files.replace(incoming, BlockFiles.META, sealedMeta.toJson()); // a new file: the source's is untouched
            files.replace(incoming, ItemRecord.FILE, sealed.toJson());
            files.move(incoming, ready); // commit point: sealed; before it, sealing starts over
            items.forget(Place.INCOMING, id);
            items.put(Place.READY, sealed);
        }
        return items.read(Place.READY, id).item(ready);
    }
}
