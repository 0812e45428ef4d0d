package io.edgeship.compact.logs;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.loki.LokiDayIndexes;
import io.edgeship.block.loki.LokiDayIndexes.IndexFile;
import io.edgeship.block.loki.LokiIndexReader;
import io.edgeship.block.loki.LokiIndexedChunk;
import io.edgeship.bucket.Bucket;
import io.edgeship.runtime.log.Log;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// The indexes of all segments of a cycle: one for each tenant and UTC day. For one cycle; not thread-safe.
final class IndexBatch {
    /// An index of them has a few MB, and is some 40 MB in memory while it is built.
    static final int CHUNKS_MAX = 50_000;

    private static final int PACKED_BYTES_MAX = 64 << 20;
    private static final Log LOG = Log.of(IndexBatch.class);

    private final WholeObjects objects;
    private final LokiDayIndexes indexes;
    private int chunks;

    IndexBatch(Bucket bucket, CentralLoki loki) {
        objects = new WholeObjects(bucket);
        indexes = new LokiDayIndexes(loki::table);
    }

    /// @param added all found in their places
    void add(List<LokiIndexedChunk> added) {
        added.forEach(indexes::add);
        chunks += added.size();
    }

    /// To one of its days only.
    void add(LokiIndexedChunk added, long day) {
        indexes.add(added, wanted -> wanted == day);
        chunks++;
    }

    boolean isFull() {
        return chunks >= CHUNKS_MAX;
    }

    int chunks() {
        return chunks;
    }

    /// Has to be so before a file is written.
    @FunctionalInterface
    interface Condition {
        void check() throws IOException;
    }

    /// @param stillOurs is asked before each
    /// @return how many files there are, those included that were there before
    /// @throws IOException if one could not be written, or the store holds another than was written
    int write(Condition stillOurs) throws IOException {
        List<IndexFile> files = indexes.files();
        for (IndexFile file : files) {
            stillOurs.check();
            write(file);
        }
        return files.size();
    }

    private void write(IndexFile file) throws IOException {
        switch (objects.find(file.path(), file.bytes())) {
            case SAME -> LOG.debug("index was there", "key", file.path());
            case NOTHING -> put(file);
            case ANOTHER -> another(file);
        }
    }

    /// Packed by another Java, damaged, or of other chunks, which nothing may hide.
    private void another(IndexFile file) throws IOException {
        byte[] packed = objects.read(file.path(), PACKED_BYTES_MAX);
        byte[] there;
        try {
            there = unpack(file.path(), packed);
            LokiIndexReader.parse(file.path(), there);
        } catch (CorruptFormatException e) {
            LOG.warn("index in the bucket is damaged, written anew", "key", file.path(), "err", e.getMessage());
            put(file);
            return;
        }
        if (!Arrays.equals(there, unpack(file.path(), file.bytes()))) {
            throw new IOException(file.path() + " is the index of other chunks");
        }
    }

    private void put(IndexFile file) throws IOException {
        objects.put(file.path(), file.bytes());
        LOG.info("index written", "key", file.path(), "bytes", file.bytes().length);
    }

    private static byte[] unpack(String name, byte[] packed) throws IOException {
        return LokiIndexReader.unpack(name, new ByteArrayInputStream(packed));
    }
}
