package io.edgeship.demo;

import io.edgeship.block.LabelSet;
import io.edgeship.block.loki.LokiChunk;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiChunkName;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiEntry;
import io.edgeship.block.loki.LokiIndexReader;
import io.edgeship.block.loki.LokiIndexSeries;
import io.edgeship.block.loki.LokiIndexSeries.ChunkRef;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.ListPage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Finds log lines in a bucket as a Loki does that has nothing else: the index of a day names chunks, and these hold
/// the
/// lines. Reads only.
final class IndexedLines {
    private static final String INDEX = ".tsdb.gz";
    private static final long NANOS = 1_000_000_000;

    private final Bucket bucket;

    IndexedLines(Bucket bucket) {
        this.bucket = bucket;
    }

    /// A line of a stream.
    record Line(String stream, Instant at, String text) {}

    /// Every chunk that an index names, with the labels that it gives.
    SortedMap<String, LabelSet> chunks() throws IOException {
        TreeMap<String, LabelSet> chunks = new TreeMap<>();
        for (String key : indexes()) {
            String[] folders = key.split("/", -1);
            String tenant = folders[folders.length - 2];
            for (LokiIndexSeries series : index(key)) {
                for (ChunkRef ref : series.chunks()) {
                    LokiChunkName name = new LokiChunkName(ref.fromMillis(), ref.throughMillis(), ref.crc32c());
                    String chunk = new LokiChunkKey(tenant, series.fingerprint(), name).toString();
                    chunks.put(chunk, LabelSet.of(series.labels()));
                }
            }
        }
        return chunks;
    }

    /// The last lines of each chunk, those that say something.
    List<Line> last(int linesPerChunk) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (var chunk : chunks().entrySet()) {
            Deque<Line> last = new ArrayDeque<>();
            read(chunk.getKey()).forEachEntry(entry -> {
                if (entry.line().length > 0) {
                    last.add(line(chunk.getValue(), entry));
                    if (last.size() > linesPerChunk) {
                        last.remove();
                    }
                }
            });
            lines.addAll(last);
        }
        return lines;
    }

    private static Line line(LabelSet stream, LokiEntry entry) {
        long seconds = Math.floorDiv(entry.timeNanos(), NANOS);
        Instant at = Instant.ofEpochSecond(seconds, Math.floorMod(entry.timeNanos(), NANOS));
        return new Line(stream.toString(), at, new String(entry.line(), StandardCharsets.UTF_8));
    }

    private List<String> indexes() throws IOException {
        List<String> keys = new ArrayList<>();
        String token = null;
        do {
            ListPage page = bucket.list("index/", null, token, ListPage.KEYS_MAX);
            page.objects().stream()
                    .map(object -> object.key())
                    .filter(key -> key.endsWith(INDEX))
                    .forEach(keys::add);
            token = page.next();
        } while (token != null);
        return keys;
    }

    private List<LokiIndexSeries> index(String key) throws IOException {
        try (InputStream in = bucket.get(key)) {
            return LokiIndexReader.parse(key, LokiIndexReader.unpack(key, in)).series();
        }
    }

    private LokiChunk read(String key) throws IOException {
        try (InputStream in = bucket.get(key)) {
            return LokiChunkReader.open(key, in.readNBytes(LokiChunkReader.CHUNK_BYTES_MAX));
        }
    }
}
