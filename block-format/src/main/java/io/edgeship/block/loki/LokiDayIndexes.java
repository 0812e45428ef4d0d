package io.edgeship.block.loki;

import io.edgeship.block.loki.LokiIndexSeries.ChunkRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/// Collects chunks and makes the index of each tenant and UTC day they touch. Not thread-safe. Holds some 200
/// bytes a chunk.
public final class LokiDayIndexes {
    /// Bits of a file's hash in its name: Loki's own part of the name tells two files of one shape and range not apart.
    private static final long HASH_NANOS = 1L << 30;

    private static final int TENANT_LETTERS_MAX = 150;
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9!_.*'()-]+");

    private final LongFunction<String> tables;
    private final TreeMap<String, TreeMap<Long, Map<Stream, List<ChunkRef>>>> byTenant = new TreeMap<>();

    private record Stream(long fingerprint, Map<String, String> labels) {}

    /// A file to be written.
    ///
    /// @param path  below the chunk root: `index/<prefix><day>/<tenant>/….tsdb.gz`
    /// @param bytes as Loki keeps it, packed with gzip
    public record IndexFile(String path, byte[] bytes) {}

    /// @param prefix of Loki's tables: `index_`, unless its schema says otherwise
    public LokiDayIndexes(String prefix) {
        this(day -> "index/" + prefix + day);
    }

    /// @param tables where the table of a day of 1970 lies: `index/index_20778`
    public LokiDayIndexes(LongFunction<String> tables) {
        this.tables = tables;
    }

    /// Whether Loki takes `tenant`, so that it can be a folder.
    public static boolean isTenant(String tenant) {
        return tenant.length() <= TENANT_LETTERS_MAX
                && TENANT.matcher(tenant).matches()
                && !tenant.equals(".")
                && !tenant.equals("..");
    }

    /// @throws IOException if no index can name the chunk: a tenant that is none, times that are none
    public void add(LokiChunk chunk) throws IOException {
        add(LokiIndexedChunk.of(chunk));
    }

    public void add(LokiIndexedChunk chunk) {
        add(chunk, _ -> true);
    }

    /// To those of its days only that are wanted.
    public void add(LokiIndexedChunk chunk, LongPredicate wanted) {
        Stream stream = new Stream(chunk.fingerprint(), chunk.labels());
        for (long day = chunk.firstDay(); day <= chunk.lastDay(); day++) {
            if (!wanted.test(day)) {
                continue;
            }
            byTenant.computeIfAbsent(chunk.tenant(), _ -> new TreeMap<>())
                    .computeIfAbsent(day, _ -> new LinkedHashMap<>())
                    .computeIfAbsent(stream, _ -> new ArrayList<>())
                    .add(chunk.ref());
        }
    }

    /// The same chunks always give the same files, names and bytes.
    public List<IndexFile> files() throws IOException {
        List<IndexFile> files = new ArrayList<>();
        for (var tenant : byTenant.entrySet()) {
            for (var day : tenant.getValue().entrySet()) {
                files.add(file(tenant.getKey(), day.getKey(), day.getValue()));
            }
        }
        return files;
    }

    private IndexFile file(String tenant, long day, Map<Stream, List<ChunkRef>> streams) throws IOException {
        List<LokiIndexSeries> series = new ArrayList<>();
        streams.forEach((stream, chunks) -> {
            TreeMap<String, String> labels = new TreeMap<>(stream.labels());
            series.add(new LokiIndexSeries(stream.fingerprint(), labels, chunks));
        });
        byte[] plain = LokiIndexWriter.write(series);
        LokiIndex index = LokiIndexReader.parse(tenant, plain); // what was written is read once before it is trusted
        if (!index.series().equals(series.stream().sorted(LokiIndexSeries.ORDER).toList())) {
            throw new IOException("the index of %s, day %d, reads other than it was written".formatted(tenant, day));
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        // Loki names it by the time of writing; the last entry's time is as good, and the same at every run. But the
        // rest of the name hangs on nothing but range and sizes: two files must not take each other's place.
        long nanos = TimeUnit.MILLISECONDS.toNanos(index.throughMillis()) + hash(plain) % HASH_NANOS;
        String name = "%d-compactor-%d-%d-%x.tsdb.gz"
                .formatted(nanos, index.fromMillis(), index.throughMillis(), index.crc32c());
        return new IndexFile("%s/%s/%s".formatted(tables.apply(day), tenant, name), packed.toByteArray());
    }

    private static long hash(byte[] plain) {
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(plain);
            return ByteBuffer.wrap(sha256).getInt() & 0xffff_ffffL;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-256", e);
        }
    }
}
