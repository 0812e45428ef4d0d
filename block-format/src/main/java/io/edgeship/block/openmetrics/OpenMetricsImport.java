package io.edgeship.block.openmetrics;

import io.edgeship.block.BlockId;
import io.edgeship.block.DerivedBlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.head.ChunkRules;
import io.edgeship.block.head.Head;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/// Makes two-hour blocks of a file in the OpenMetrics format. The file is read once to see which times it has, and
/// again for each [#SAMPLES_AT_ONCE] samples: in memory are those of as many whole blocks, one at least. A series'
/// samples are in the order of time within a block; blocks may come in any order. Stateless.
public final class OpenMetricsImport {
    static final long SAMPLES_AT_ONCE = 500_000;

    /// What `source` says in the `thanos` section.
    private static final String SOURCE = "edgeship";

    private static final ChunkRules RULES = ChunkRules.DEFAULT;

    private final Path file;
    private final Path out;
    private final Map<String, String> labels;
    private final LongConsumer progress;
    private final SortedMap<Long, Long> samplesByWindow = new TreeMap<>();
    private final MessageDigest content;
    private byte[] hash = {};
    private final List<Path> written = new ArrayList<>();

    private OpenMetricsImport(Path file, Path out, Map<String, String> labels, LongConsumer progress) {
        this.file = file;
        this.out = out;
        this.labels = labels;
        this.progress = progress;
        try {
            content = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Writes the blocks under `out` and returns their directories, oldest first.
    ///
    /// @param labels   external labels; the blocks have a `thanos` section if there are any
    /// @param progress is told after each sample how many bytes were read in this pass
    public static List<Path> run(Path file, Path out, Map<String, String> labels, LongConsumer progress)
            throws IOException {
        OpenMetricsImport run = new OpenMetricsImport(file, out, labels, progress);
        run.survey();
        run.write();
        return run.written;
    }

    private void survey() throws IOException {
        InputStream in = new DigestInputStream(Files.newInputStream(file), content);
        try (OpenMetricsReader reader = OpenMetricsReader.of(file.toString(), in)) {
            while (reader.next()) {
                samplesByWindow.merge(window(reader.timeMillis()), 1L, Long::sum);
                progress.accept(reader.bytesRead());
            }
        }
        hash = content.digest();
    }

    private void write() throws IOException {
        Map<Long, Head> heads = new TreeMap<>();
        long samples = 0;
        for (Map.Entry<Long, Long> window : samplesByWindow.entrySet()) {
            if (!heads.isEmpty() && samples + window.getValue() > SAMPLES_AT_ONCE) {
                write(heads);
                heads.clear();
                samples = 0;
            }
            heads.put(window.getKey(), new Head(RULES));
            samples += window.getValue();
        }
        write(heads);
    }

    private void write(Map<Long, Head> heads) throws IOException {
        try (OpenMetricsReader reader = OpenMetricsReader.open(file)) {
            while (reader.next()) {
                Head head = heads.get(window(reader.timeMillis()));
                if (head != null) {
                    append(reader, head);
                }
                progress.accept(reader.bytesRead());
            }
        }
        for (Map.Entry<Long, Head> window : heads.entrySet()) {
            TimeRange range = new TimeRange(window.getKey(), window.getKey() + RULES.rangeMillis());
            BlockId id = DerivedBlockId.ofContent("openmetrics", hash, labels, range);
            written.add(window.getValue().write(out, id, this::sealed));
        }
    }

    private static void append(OpenMetricsReader reader, Head head) throws IOException {
        long valueBits = Double.doubleToRawLongBits(reader.value());
        try {
            head.series(reader.labels()).append(0, reader.timeMillis(), valueBits);
        } catch (IllegalArgumentException e) {
            throw reader.corrupt(reader.labels() + " has " + e.getMessage());
        }
    }

    private BlockMeta sealed(BlockMeta meta) {
        return labels.isEmpty() ? meta : meta.withThanos(ThanosMeta.of(labels, SOURCE, List.of(), List.of()));
    }

    private static long window(long timeMillis) {
        return Math.floorDiv(timeMillis, RULES.rangeMillis()) * RULES.rangeMillis();
    }
}
