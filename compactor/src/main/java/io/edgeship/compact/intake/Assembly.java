package io.edgeship.compact.intake;

import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.compact.intake.ItemPlan.PlannedFile;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns the pieces of one item into the files of its block: one pass over the stream, one part in memory, no disk. A
/// damaged piece ends the writing and not the pass, so that one receipt names all that are damaged. For one item; not
/// thread-safe.
final class Assembly {
    private final Bucket bucket;
    private final InboxItem item;
    private final ItemPlan plan;
    private final PieceReader reader;
    private final byte[] buffer;
    private final BitSet damaged = new BitSet();
    private final Map<PlannedFile, ObjectDigest> stored = new LinkedHashMap<>();
    private int next;
    private @Nullable BlockFileWriter writer;
    private @Nullable String wrongHash;

    /// @param buffer for one part
    Assembly(Bucket bucket, InboxItem item, ItemPlan plan, byte[] buffer) {
        this.bucket = bucket;
        this.item = item;
        this.plan = plan;
        this.buffer = buffer;
        reader = new PieceReader(bucket, item, plan);
    }

    /// The bytes of meta.json, whose hash is the manifest's; null if a piece is [#damaged], and then all pieces have
    /// been looked at.
    byte @Nullable [] readMeta() throws IOException, RejectedException {
        PlannedFile meta = plan.meta();
        byte[] bytes = new byte[(int) meta.sizeBytes()];
        int first = plan.pieceAt(meta.offset());
        for (int i = first; i < plan.pieces(); i++) {
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
        requireHash(Digests.sha256(bytes), meta);
        return bytes;
    }

    /// Writes all files but meta.json, and compares what the store holds with what was read (I10).
    ///
    /// @return false if a piece is [#damaged], and then all pieces have been looked at
    /// @throws RejectedException if all pieces are whole and a file's hash is not the manifest's
    boolean writeData() throws IOException, RejectedException {
        try {
            advance();
            for (int i = 0;
                    plan.meta().offset() > 0 && i <= plan.pieceAt(plan.meta().offset() - 1);
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
        confirm();
        return true;
    }

    /// Numbers of pieces that are gone or not what their names say.
    BitSet damaged() {
        return damaged;
    }

    long bytesRead() {
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
                stored.put(file, current.stored());
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

    private void confirm() throws IOException {
        for (Map.Entry<PlannedFile, ObjectDigest> file : stored.entrySet()) {
            String key = key(file.getKey());
            Confirmation found = bucket.confirm(key, file.getValue());
            boolean same = switch (found) {
                case MATCHES -> true;
                case SIZE_MATCHES ->
                    MessageDigest.isEqual(
                            Digests.sha256(bucket, key), file.getKey().sha256());
                case DIFFERS, MISSING -> false;
            };
            if (!same) {
                throw new IOException(key + " is not what was written just now: " + found);
            }
        }
    }

    private static void requireHash(byte[] found, PlannedFile file) throws RejectedException {
        if (!MessageDigest.isEqual(found, file.sha256())) {
            throw new RejectedException("files.sha256", "of " + file.path() + " is another than the manifest's");
        }
    }

    private String key(PlannedFile file) {
        return BucketLayout.key(item.id(), file.path());
    }
}
