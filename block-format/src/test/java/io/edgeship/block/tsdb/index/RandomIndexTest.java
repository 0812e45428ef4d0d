package io.edgeship.block.tsdb.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.edgeship.block.LabelSet;
import io.edgeship.block.Utf8Order;
import io.edgeship.block.encoding.FileSink;
import io.edgeship.block.encoding.FileSource;
import io.edgeship.block.tsdb.chunks.ChunkRef;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever series are written, an index gives back: labels, chunks, order, and for each label its series.
class RandomIndexTest {
    private static final int[] LETTERS = {'a', 'Z', '_', '0', ' ', '"', '\\', '\n', 0xe9, 0xffff, 0x10000, 0x1F331, 0};

    @TempDir
    private Path dir;

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "2, 2",
        "3, 31",
        "4, 32",
        "5, 33",
        "6, 200",
        "7, 200",
        "8, 200",
        "9, 3000",
        "10, 10000",
    })
    void everySeriesComesBack(long seed, int number) throws IOException {
        Random random = new Random(seed);
        SortedMap<LabelSet, List<ChunkMeta>> series = series(random, number);
        for (IndexDialect dialect : IndexDialect.values()) {
            Path file = dir.resolve("index-" + dialect);
            write(file, dialect, series);

            try (IndexReader reader = IndexReader.open(FileSource.open(file))) {
                assertThat(reader.symbols().unorderedAt()).isEqualTo(-1);
                Map<LabelSet, List<ChunkMeta>> read = new LinkedHashMap<>();
                Map<Long, LabelSet> byRef = new HashMap<>();
                reader.forEachSeries(entry -> {
                    read.put(reader.labels(entry), entry.chunks());
                    byRef.put(entry.ref(), reader.labels(entry));
                });
                assertThat(new ArrayList<>(read.entrySet()))
                        .as("seed %d", seed)
                        .isEqualTo(new ArrayList<>(series.entrySet()));
                assertThat(postings(reader, byRef)).as("seed %d", seed).isEqualTo(postings(series.keySet()));
            }
        }
    }

    /// Java orders texts by UTF-16, where U+10000 comes before U+FFFF; Prometheus by bytes.
    @Test
    void seriesAreInTheOrderOfTheirBytes() throws IOException {
        SortedMap<LabelSet, List<ChunkMeta>> series = new TreeMap<>();
        String high = Character.toString(0xffff);
        String surrogates = Character.toString(0x10000);
        List<ChunkMeta> chunk = List.of(new ChunkMeta(0, 1, new ChunkRef(0, 8)));
        series.put(LabelSet.of(Map.of("n", surrogates)), chunk);
        series.put(LabelSet.of(Map.of("n", high)), chunk);
        Path file = dir.resolve("index");
        write(file, IndexDialect.SINCE_3_7, series);

        List<String> values = new ArrayList<>();
        try (IndexReader reader = IndexReader.open(FileSource.open(file))) {
            reader.forEachSeries(
                    entry -> values.add(reader.labels(entry).get("n").orElseThrow()));
        }
        assertThat(values).containsExactly(high, surrogates);
        assertThat(high).isGreaterThan(surrogates);
        assertThat(Arrays.compareUnsigned(
                        high.getBytes(StandardCharsets.UTF_8), surrogates.getBytes(StandardCharsets.UTF_8)))
                .isNegative();
    }

    /// A hostile index could make reading its labels cost a thousand times its size.
    @Test
    void aLongSymbolThatEverySeriesNamesIsReadOnce() throws IOException {
        SortedMap<LabelSet, List<ChunkMeta>> series = new TreeMap<>();
        List<ChunkMeta> chunk = List.of(new ChunkMeta(0, 1, new ChunkRef(0, 8)));
        String longText = "x".repeat(500_000);
        for (int i = 0; i < 1000; i++) {
            series.put(LabelSet.of(Map.of("id", "" + i, "long", longText)), chunk);
        }
        Path file = dir.resolve("index");
        write(file, IndexDialect.SINCE_3_7, series);

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (IndexReader reader = IndexReader.open(FileSource.open(file))) {
            long before = threads.getCurrentThreadAllocatedBytes();
            reader.forEachSeries(reader::labels);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(64 << 20);
        }
    }

    private static SortedMap<LabelSet, List<ChunkMeta>> series(Random random, int number) {
        SortedMap<LabelSet, List<ChunkMeta>> series = new TreeMap<>();
        while (series.size() < number) {
            Map<String, String> labels = new HashMap<>();
            labels.put("id", Integer.toString(series.size()));
            for (int i = random.nextInt(6); i > 0; i--) {
                String value = random.nextInt(400) == 0 ? text(random, 10_000) : text(random, 3);
                labels.put("l" + text(random, 2), value);
            }
            series.put(LabelSet.of(labels), chunks(random));
        }
        return series;
    }

    /// Empty now and then.
    private static String text(Random random, int lengthMax) {
        StringBuilder text = new StringBuilder();
        int length = lengthMax > 100 ? lengthMax : random.nextInt(lengthMax + 1);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return text.toString();
    }

    private static List<ChunkMeta> chunks(Random random) {
        List<ChunkMeta> chunks = new ArrayList<>();
        long time = random.nextInt(10) == 0 ? Long.MIN_VALUE / 4 : random.nextLong() >> 22;
        int segment = 0;
        long offset = 8;
        int number = 1 + (random.nextInt(50) == 0 ? random.nextInt(2000) : random.nextInt(5));
        for (int i = 0; i < number; i++) {
            long end = time + random.nextLong(1L << random.nextInt(1, 40));
            chunks.add(new ChunkMeta(time, end, new ChunkRef(segment, offset)));
            time = end + random.nextLong(1L << random.nextInt(1, 40));
            boolean cut = random.nextInt(20) == 0;
            segment += cut ? 1 : 0;
            offset = cut ? 8 : (offset + random.nextLong(1 << 20)) & 0xffff_ffffL;
        }
        return chunks;
    }

    private static void write(Path file, IndexDialect dialect, SortedMap<LabelSet, List<ChunkMeta>> series)
            throws IOException {
        Set<String> symbols = new TreeSet<>(Utf8Order.COMPARATOR);
        for (LabelSet labels : series.keySet()) {
            symbols.addAll(labels.toMap().keySet());
            symbols.addAll(labels.toMap().values());
        }
        try (IndexWriter writer = IndexWriter.create(FileSink.create(file), dialect, SymbolTable.of(symbols))) {
            for (Map.Entry<LabelSet, List<ChunkMeta>> one : series.entrySet()) {
                writer.series(one.getKey(), one.getValue());
            }
            writer.finish();
        }
    }

    private static Map<String, List<LabelSet>> postings(IndexReader reader, Map<Long, LabelSet> byRef)
            throws IOException {
        Map<String, Long> offsets = new LinkedHashMap<>();
        reader.forEachPostings((name, value, offset) -> offsets.put(name + "=" + value, offset));
        Map<String, List<LabelSet>> postings = new HashMap<>();
        for (Map.Entry<String, Long> list : offsets.entrySet()) {
            List<LabelSet> series = new ArrayList<>();
            reader.postings(list.getValue(), ref -> series.add(byRef.get(ref)));
            postings.put(list.getKey(), series);
        }
        return postings;
    }

    private static Map<String, List<LabelSet>> postings(Set<LabelSet> series) {
        Map<String, List<LabelSet>> postings = new HashMap<>();
        for (LabelSet labels : series) {
            postings.computeIfAbsent("=", _ -> new ArrayList<>()).add(labels);
            labels.forEach((name, value) -> postings.computeIfAbsent(name + "=" + value, _ -> new ArrayList<>())
                    .add(labels));
        }
        return postings;
    }
}
