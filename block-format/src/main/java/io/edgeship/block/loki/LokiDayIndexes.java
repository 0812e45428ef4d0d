package io.edgeship.block.loki;

import io.edgeship.block.loki.LokiIndexSeries.ChunkRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/// Collects chunks and makes the index of each tenant and UTC day they touch. Not thread-safe. Holds some 200
/// bytes a chunk.
public final class LokiDayIndexes {
    private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);

    /// A chunk that claims more days has a broken clock behind it; it would make an index for each.
    private static final long DAYS_MAX = 366;

    private static final int TENANT_LETTERS_MAX = 150;
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9!_.*'()-]+");

    private final String prefix;
    private final TreeMap<String, TreeMap<Long, Map<Stream, List<ChunkRef>>>> byTenant = new TreeMap<>();

    private record Stream(long fingerprint, Map<String, String> labels) {}

    /// A file to be written.
    ///
    /// @param path  below the chunk root: `index/<prefix><day>/<tenant>/….tsdb.gz`
    /// @param bytes as Loki keeps it, packed with gzip
    public record IndexFile(String path, byte[] bytes) {}

    /// @param prefix of Loki's tables: `index_`, unless its schema says otherwise
    public LokiDayIndexes(String prefix) {
        this.prefix = prefix;
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
        LokiChunkHeader header = chunk.header();
        long firstDay = Math.floorDiv(header.fromMillis(), DAY_MILLIS);
        long lastDay = Math.floorDiv(header.throughMillis(), DAY_MILLIS);
        if (!isTenant(header.tenant())) {
            throw new IOException(chunk.file() + ": no tenant is called '" + header.tenant() + "'");
        }
        if (header.fromMillis() < 0 || lastDay < firstDay || lastDay - firstDay > DAYS_MAX) {
            throw new IOException(
                    "%s: chunk of %d to %d ms".formatted(chunk.file(), header.fromMillis(), header.throughMillis()));
        }
        TreeMap<String, String> labels = new TreeMap<>(header.labels());
        labels.remove("__name__");
        Stream stream = new Stream(header.fingerprint(), labels);
        for (long day = firstDay; day <= lastDay; day++) {
            byTenant.computeIfAbsent(header.tenant(), _ -> new TreeMap<>())
                    .computeIfAbsent(day, _ -> new LinkedHashMap<>())
                    .computeIfAbsent(stream, _ -> new ArrayList<>())
                    .add(ChunkRef.of(chunk));
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
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        // Loki names it by the time of writing; the last entry's time is as good, and the same at every run.
        long nanos = TimeUnit.MILLISECONDS.toNanos(index.throughMillis());
        String name = "%d-compactor-%d-%d-%x.tsdb.gz"
                .formatted(nanos, index.fromMillis(), index.throughMillis(), index.crc32c());
        return new IndexFile("index/%s%d/%s/%s".formatted(prefix, day, tenant, name), packed.toByteArray());
    }
}
