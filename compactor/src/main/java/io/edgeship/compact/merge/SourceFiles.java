package io.edgeship.compact.merge;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.compact.plan.MergeMemory;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The files of a block in the bucket, read with few requests within the memory that one source has. Not thread-safe.
final class SourceFiles implements BlockFiles {
    static final String INDEX = "index";
    private static final String FIRST_SEGMENT = "chunks/000001";

    /// Of an index that is too long to be held whole: its end, its symbols, its series, and one that is on the way.
    private static final int INDEX_WINDOWS = 4;

    private static final int WINDOW_BYTES_MIN = 32 << 10;
    private static final int WINDOW_BYTES_MAX = 4 << 20;

    private final Bucket bucket;
    private final BlockMeta meta;
    private final Reading reading;
    private final int place;
    private final Map<String, Long> sizes = new HashMap<>();
    private final Map<String, ByteSource> begun = new HashMap<>();
    private @Nullable WindowedObject current; // the segment opened last: the others hold no windows

    /// What all sources of one compaction share.
    ///
    /// @param sourceBytes of windows, of each of them
    record Reading(ReadAhead readAhead, Traffic traffic, long sourceBytes, int sources) {}

    /// @param place among the sources, from 0: they ask for their windows one after another
    SourceFiles(Bucket bucket, BlockMeta meta, Reading reading, int place) {
        this.bucket = bucket;
        this.meta = meta;
        this.reading = reading;
        this.place = place;
        if (meta.thanos() != null) {
            for (BlockFile file : meta.thanos().files()) {
                sizes.put(file.relativePath(), file.sizeBytes());
            }
        }
    }

    /// Fetches the first bytes of the index and of the chunks, so that many blocks can be begun side by side.
    void begin() throws IOException {
        for (String path : new String[] {INDEX, FIRST_SEGMENT}) {
            ByteSource source = source(path);
            begun.put(path, source);
            if (source instanceof WindowedObject windows && source.size() > 0) {
                windows.begin();
            }
        }
    }

    @Override
    public ByteSource open(String relativePath) throws IOException {
        ByteSource source = begun.remove(relativePath);
        return source == null ? source(relativePath) : source;
    }

    private ByteSource source(String path) throws IOException {
        String key = BucketLayout.key(meta.id(), path);
        long size = size(path, key);
        if (bucket.isLocal()) {
            return new LocalObject(bucket, key, size, reading.traffic());
        }
        if (size == 0) {
            return ByteSource.of(key, new byte[0]);
        }
        ObjectRanges ranges = new ObjectRanges(bucket, key, size, reading.traffic());
        return path.equals(INDEX) ? index(ranges) : segment(ranges);
    }

    /// As meta.json lists it; one that lists no sizes, as an old Thanos writes it, costs a request.
    private long size(String path, String key) throws IOException {
        Long listed = sizes.get(path);
        if (listed != null && listed > 0) {
            return listed;
        }
        return bucket.head(key)
                .map(ObjectInfo::sizeBytes)
                .orElseThrow(() -> new BucketException.NotFound("reading " + key + ": there is no such object", null));
    }

    private long indexBytes() {
        return Math.min(sizes.getOrDefault(INDEX, Long.MAX_VALUE), reading.sourceBytes() / 2);
    }

    private WindowedObject index(ObjectRanges ranges) {
        long share = reading.sourceBytes() / 2;
        boolean whole = ranges.sizeBytes() <= share;
        int each = whole ? (int) ranges.sizeBytes() : clamp(share / INDEX_WINDOWS);
        return new WindowedObject(
                ranges, new Windows(ranges.sizeBytes(), each, each), INDEX_WINDOWS, reading.readAhead(), ahead(each));
    }

    /// Segments get what the index leaves. The first window is shorter by the place among the sources, as far as that
    /// takes no request more, and half a window at most.
    private WindowedObject segment(ObjectRanges ranges) {
        int most = clamp(reading.sourceBytes() - indexBytes());
        int each = (int) Math.min(most, ranges.sizeBytes());
        long rest = (ranges.sizeBytes() + each - 1) / each * each - ranges.sizeBytes(); // of the last window
        long shorter = ranges.sizeBytes() <= most ? 0 : Math.min(each / 2, rest);
        int first = each - (int) (shorter * (reading.sources() - place) / reading.sources());
        if (current != null) {
            current.forget(); // chunks lie in the order of the series: it is done with, or nearly so
        }
        current = new WindowedObject(
                ranges, new Windows(ranges.sizeBytes(), first, each), 1, reading.readAhead(), ahead(each));
        return current;
    }

    /// The next window is begun as late as lets every source find a place for it in turn.
    private int ahead(int windowBytes) {
        return (int) Math.min(windowBytes / 4, (long) windowBytes * MergeMemory.AHEAD_MAX / reading.sources());
    }

    private static int clamp(long bytes) {
        return Math.clamp(bytes, WINDOW_BYTES_MIN, WINDOW_BYTES_MAX);
    }
}
