package io.edgeship.compact.intake;

import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Turns pieces that are the files' own bytes into the files of a block: one pass over the stream, one part in memory,
/// no disk. A damaged piece ends the writing and not the pass, so that one receipt names all that are damaged. For one
/// item; not thread-safe.
final class PlainAssembly implements Assembly {
    private final Bucket bucket;
    private final InboxItem item;
    private final ItemPlan plan;
    private final PieceReader reader;
    private final byte[] buffer;
    private final BitSet damaged = new BitSet();
    private final StoredFiles stored;
    private int next;
    private @Nullable BlockFileWriter writer;
    private @Nullable String wrongHash;

    /// @param buffer for one part
    PlainAssembly(Bucket bucket, InboxItem item, ItemPlan plan, byte[] buffer) {
        this.bucket = bucket;
        this.item = item;
        this.plan = plan;
        this.buffer = buffer;
        reader = new PieceReader(bucket, item, plan.cut());
        stored = new StoredFiles(bucket);
    }

    @Override
    public byte @Nullable [] readMeta() throws IOException, RejectedException {
        PlannedFile meta = plan.meta();
        byte[] bytes = new byte[(int) meta.sizeBytes()];
        int first = plan.cut().pieceAt(meta.offset());
        for (int i = first; i < plan.cut().pieces(); i++) {
            read(i, (offset, from, length) -> {
                int skip = Math.clamp(meta.offset() - offset, 0, length);
                int to = (int) (Math.max(offset, meta.offset()) - meta.offset());
                System.arraycopy(from, skip, bytes, to, length - skip);
            });
        }
        if (!damaged.isEmpty()) {
            for (int i = 0; i < first; i++) {
                read(i, (_, _, _) -> {});
            }
            return null;
        }
        Assembly.requireHash(bytes, meta);
        return bytes;
    }

    @Override
    public boolean writeData() throws IOException, RejectedException {
        try {
            advance();
            for (int i = 0;
                    plan.meta().offset() > 0
                            && i <= plan.cut().pieceAt(plan.meta().offset() - 1);
                    i++) {
                read(i, (_, bytes, length) -> spread(bytes, length));
            }
        } finally {
            giveUp(); // nothing to do for what has been finished
        }
        if (!damaged.isEmpty()) {
            return false;
        }
        if (wrongHash != null) {
            throw new RejectedException("files.sha256", "of " + wrongHash + " is another than the manifest's");
        }
        stored.confirm();
        return true;
    }

    @Override
    public BitSet damaged() {
        return damaged;
    }

    @Override
    public long bytesRead() {
        return reader.bytesRead();
    }

    private void read(int piece, PieceReader.Sink sink) throws IOException, RejectedException {
        if (!reader.read(piece, sink)) {
            damaged.set(piece);
            giveUp();
            next = plan.files().size(); // what follows is read, and written nowhere
        }
    }

    /// Gives bytes to the files that they belong to.
    private void spread(byte[] bytes, int length) throws BucketException {
        int at = 0;
        while (at < length && writer != null) {
            int part = (int) Math.min(length - at, writer.missingBytes());
            writer.take(bytes, at, part);
            at += part;
            advance();
        }
    }

    /// Finishes the file that has all its bytes and begins the next one; files without bytes are finished at once.
    private void advance() throws BucketException {
        while (next < plan.dataFiles().size()) {
            PlannedFile file = plan.files().get(next);
            BlockFileWriter current = writer;
            if (current == null) {
                current = new BlockFileWriter(bucket, key(file), file, buffer);
            }
            writer = current;
            if (current.missingBytes() > 0) {
                return;
            }
            boolean right = current.finish();
            writer = null;
            next++;
            if (right) {
                stored.add(key(file), file, current.stored());
            } else {
                wrongHash = file.path(); // whether a piece is at fault shows at its end
                next = plan.files().size();
            }
        }
    }

    private void giveUp() {
        if (writer != null) {
            writer.abort();
            writer = null;
        }
    }

    private String key(PlannedFile file) {
        return BucketLayout.key(item.id(), file.path());
    }
}
