package io.edgeship.compact.intake;

import io.edgeship.block.encoding.ByteSink;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.pack.BlockUnpacker;
import io.edgeship.block.pack.PackContents;
import io.edgeship.block.pack.PackLimits;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Turns pieces that are a pack into the files of a block: index and segments grow beside each other, one part of each
/// in memory. That a piece is damaged shows when unpacking fails; only then all are held against their checksums, for a
/// pack that makes files with the right hashes was whole. For one item; not thread-safe.
final class PackAssembly implements Assembly {
    private final Bucket bucket;
    private final InboxItem item;
    private final ItemPlan plan;
    private final byte[] packedMeta;
    private final byte[] segmentBuffer;
    private final PackLimits limits;
    private final PieceSource pieces;
    private final PieceReader reader;
    private final StoredFiles stored;
    private final BitSet damaged = new BitSet();

    /// @param packedMeta    as the manifest has it
    /// @param segmentBuffer for one part; another is made for the index
    PackAssembly(Bucket bucket, InboxItem item, ItemPlan plan, byte[] packedMeta, byte[] segmentBuffer) {
        this.bucket = bucket;
        this.item = item;
        this.plan = plan;
        this.packedMeta = packedMeta;
        this.segmentBuffer = segmentBuffer;
        limits = new PackLimits(plan.sizeBytes(), PackLimits.SHIPPED_INDEX_BYTES_MAX);
        pieces = new PieceSource(bucket, item, plan.cut());
        reader = new PieceReader(bucket, item, plan.cut());
        stored = new StoredFiles(bucket);
    }

    @Override
    public byte[] readMeta() throws RejectedException {
        Assembly.requireHash(packedMeta, plan.meta());
        return packedMeta;
    }

    @Override
    public boolean writeData() throws IOException, RejectedException {
        try (pieces) {
            requireSameFiles(PackContents.read(pieces, limits));
            BlockUnpacker.unpack(pieces, limits, this::sink);
        } catch (PieceSource.TornException e) {
            if (isWhole()) {
                throw e; // it has come meanwhile, or the store does not say the same twice
            }
            return false;
        } catch (UnsupportedVersionException e) {
            if (isWhole()) {
                throw e;
            }
            return false;
        } catch (CorruptFormatException | IllegalArgumentException | IndexOutOfBoundsException e) {
            if (isWhole()) {
                throw new RejectedException("pack", e.getMessage() == null ? e.toString() : e.getMessage());
            }
            return false;
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
        return pieces.bytesRead() + reader.bytesRead();
    }

    /// Looks at all pieces.
    private boolean isWhole() throws IOException, RejectedException {
        for (int i = 0; i < plan.cut().pieces(); i++) {
            if (!reader.read(i, (_, _, _) -> {})) {
                damaged.set(i);
            }
        }
        return damaged.isEmpty();
    }

    private void requireSameFiles(PackContents contents) throws RejectedException {
        Map<String, PlannedFile> planned = new HashMap<>();
        plan.files().forEach(file -> planned.put(file.path(), file));
        for (PackContents.PackedFile file : contents.files()) {
            PlannedFile wanted = planned.remove(file.path());
            boolean same = wanted != null
                    && wanted.sizeBytes() == file.sizeBytes()
                    && MessageDigest.isEqual(wanted.sha256(), file.sha256());
            RejectedException.require(same, "pack.files", "%s is not the manifest's", file.path());
        }
        Set<String> lacking = planned.keySet();
        RejectedException.require(lacking.isEmpty(), "pack.files", "%s is not in the pack", lacking);
    }

    /// That the bytes hash as declared is the unpacker's to find out.
    private ByteSink sink(String path) {
        for (PlannedFile file : plan.dataFiles()) {
            if (file.path().equals(path)) {
                boolean isSegment = path.startsWith("chunks/"); // the unpacker has one open at a time
                byte[] buffer = isSegment ? segmentBuffer : new byte[segmentBuffer.length];
                return new ObjectSink(file, buffer);
            }
        }
        return new ObjectSink(plan.meta(), null); // it is put at the end, by the commit
    }

    /// One file on its way into the bucket.
    private final class ObjectSink implements ByteSink {
        private final PlannedFile file;
        private final String key;
        private @Nullable BlockFileWriter writer;

        /// @param buffer null where the bytes go nowhere
        ObjectSink(PlannedFile file, byte @Nullable [] buffer) {
            this.file = file;
            key = BucketLayout.key(item.id(), file.path());
            writer = buffer == null ? null : new BlockFileWriter(bucket, key, file, buffer);
        }

        @Override
        public String name() {
            return key;
        }

        @Override
        public void write(byte[] bytes, int at, int length) throws IOException {
            if (writer != null) {
                writer.take(bytes, at, length);
            }
        }

        @Override
        public void finish() throws IOException {
            if (writer == null) {
                return;
            }
            if (!writer.finish()) {
                throw new CorruptFormatException(pieces.name(), 0, file.path() + " does not hash as declared");
            }
            stored.add(key, file, writer.stored());
            writer = null;
        }

        @Override
        public void close() {
            if (writer != null) {
                writer.abort();
                writer = null;
            }
        }
    }
}
