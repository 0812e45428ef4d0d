package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// skeleton
@SuppressWarnings("DoNotCallSuggester")
public final class Spool implements AutoCloseable {
    private final Path dir;

    private Spool(Path dir) {
        this.dir = dir;
    }

    public static Spool open(Path dir) throws IOException {
        return new Spool(dir);
    }

    public Path dir() {
        return dir;
    }

    /// 32 hex letters, made once when the spool was created.
    public String incarnation() {
        throw new UnsupportedOperationException();
    }

    public Incoming take(BlockId id, Path sourceBlock) throws IOException {
        throw new UnsupportedOperationException();
    }

    public List<Incoming> incoming() throws IOException {
        throw new UnsupportedOperationException();
    }

    public Item seal(BlockId id, BlockMeta sealedMeta) throws IOException {
        throw new UnsupportedOperationException();
    }

    public List<Item> ready() throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Removes unsent `parents` that `merged`, which must be ready, replaces.
    public void replaceParents(BlockId merged, Collection<BlockId> parents) throws IOException {
        throw new UnsupportedOperationException();
    }

    public ShippedRecord shipped(BlockId id, Instant at) throws IOException {
        throw new UnsupportedOperationException();
    }

    public List<ShippedRecord> shippedRecords() throws IOException {
        throw new UnsupportedOperationException();
    }

    public void forgetShipped(BlockId id) throws IOException {
        throw new UnsupportedOperationException();
    }

    public void quarantine(BlockId id, Loss loss) throws IOException {
        throw new UnsupportedOperationException();
    }

    public List<Quarantined> quarantined() throws IOException {
        throw new UnsupportedOperationException();
    }

    public void retry(BlockId id) throws IOException {
        throw new UnsupportedOperationException();
    }

    public void drop(BlockId id, Loss loss) throws IOException {
        throw new UnsupportedOperationException();
    }

    public void recordLoss(Loss loss) throws IOException {
        throw new UnsupportedOperationException();
    }

    public List<Loss> losses() throws IOException {
        throw new UnsupportedOperationException();
    }

    public Optional<Place> find(BlockId id) {
        throw new UnsupportedOperationException();
    }

    /// All the bytes that items hold, links and copies alike.
    public long bytes() throws IOException {
        throw new UnsupportedOperationException();
    }

    /// How much of [#bytes] are copies.
    public long copiedBytes() throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Items that a newer agent wrote: left as they are.
    public int newerItems() throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() throws IOException {}
}
