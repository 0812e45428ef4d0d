package io.edgeship.compact.bucket;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;

/// An object read through a few large ranges, for a reader that goes mostly forward. Not thread-safe.
final class ObjectSource implements ByteSource {
    private static final int WINDOW_BYTES = 1 << 20;

    /// An index is read in some places at once: symbols, series, postings.
    private static final int WINDOWS_MAX = 4;

    private final Bucket bucket;
    private final String key;
    private final long size;
    private final Map<Long, byte[]> windows = new LinkedHashMap<>(WINDOWS_MAX, 0.75f, true); // used longest ago first

    private ObjectSource(Bucket bucket, String key, long size) {
        this.bucket = bucket;
        this.key = key;
        this.size = size;
    }

    /// The files of a block in the bucket.
    static BlockFiles of(Bucket bucket, BlockMeta meta) {
        return relativePath -> {
            String key = BucketLayout.key(meta.id(), relativePath);
            ObjectInfo object = bucket.head(key).orElseThrow(() -> new NoSuchFileException(key));
            return new ObjectSource(bucket, key, object.sizeBytes());
        };
    }

    @Override
    public String name() {
        return key;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int at, int length) throws IOException {
        for (int done = 0; done < length; ) {
            long number = (offset + done) / WINDOW_BYTES;
            int from = (int) ((offset + done) % WINDOW_BYTES);
            byte[] window = window(number);
            int count = Math.min(length - done, window.length - from);
            System.arraycopy(window, from, target, at + done, count);
            done += count;
        }
    }

    private byte[] window(long number) throws IOException {
        byte[] there = windows.get(number);
        if (there != null) {
            return there;
        }
        long start = number * WINDOW_BYTES;
        int length = (int) Math.min(WINDOW_BYTES, size - start);
        try (InputStream in = bucket.get(key, start, length)) {
            byte[] window = in.readNBytes(length);
            if (window.length < length) {
                throw new BucketException.Unavailable("reading " + key + ": it became shorter meanwhile", null);
            }
            if (windows.size() >= WINDOWS_MAX) {
                windows.remove(windows.keySet().iterator().next());
            }
            windows.put(number, window);
            return window;
        }
    }

    @Override
    public void close() {
        windows.clear();
    }
}
