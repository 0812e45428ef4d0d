package io.edgeship.block.fuzz;

import com.sun.management.ThreadMXBean;
import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.NoSink;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiIndexReader;
import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.openmetrics.OpenMetricsReader;
import io.edgeship.block.pack.BlockUnpacker;
import io.edgeship.block.pack.PackLimits;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.Matcher;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.ChunkIterator;
import io.edgeship.block.tsdb.chunkenc.FloatHistogramIterator;
import io.edgeship.block.tsdb.chunkenc.HistogramIterator;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.SegmentReader;
import io.edgeship.block.tsdb.index.IndexReader;
import io.edgeship.block.tsdb.tombstones.TombstonesReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// What the coverage-guided fuzzer runs: one reader on any bytes. A typed error is right; any other exception, more
/// than 64 MiB allocated for one input, or an input that takes five seconds is a finding.
public final class ReaderFuzzer {
    private static final long ALLOCATED_BYTES_MAX = 64L << 20;
    private static final PackLimits PACK_LIMITS = new PackLimits(1 << 20, 1 << 18);
    private static final int POSTINGS_READ = 16;
    private static final int REPAIRS_MAX = 64;
    private static final Pattern WRONG_CHECKSUM = Pattern.compile("but the data hashes to ([0-9a-f]{8})");
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static Reader reader = ReaderFuzzer::index;

    @FunctionalInterface
    interface Reader {
        /// @throws IOException              for bytes that break the rules of the format
        /// @throws IllegalArgumentException for text that does
        void read(byte[] data) throws IOException;
    }

    private ReaderFuzzer() {}

    /// Called by the fuzzer once.
    public static void fuzzerInitialize(String[] args) {
        reader = of(args[0]);
    }

    static Reader of(String name) {
        return switch (name) {
            case "index" -> ReaderFuzzer::index;
            case "segment" -> ReaderFuzzer::segment;
            case "tombstones" -> data -> TombstonesReader.forEach(ByteSource.of("tombstones", data), _ -> {});
            case "meta" -> data -> BlockMeta.parse("meta.json", data).toJson();
            case "openmetrics" -> ReaderFuzzer::openMetrics;
            case "selector" -> data -> Matcher.parse(new String(data, StandardCharsets.UTF_8));
            case "loki" -> data -> LokiChunkReader.parse("loki", data);
            case "loki-chunk" -> data -> LokiChunkReader.open("chunk", data).forEachEntry(_ -> {});
            case "loki-index" -> data -> LokiIndexReader.parse("index", data);
            case "xor" -> data -> walk(new Chunk(Encoding.XOR.code(), data).iterator());
            case "xor2" -> data -> walk(new Chunk(Encoding.XOR2.code(), data).iterator());
            case "histogram" -> data -> walk(new HistogramIterator(data, false));
            case "histogram-st" -> data -> walk(new HistogramIterator(data, true));
            case "float-histogram" -> data -> walk(new FloatHistogramIterator(data, false));
            case "float-histogram-st" -> data -> walk(new FloatHistogramIterator(data, true));
            case "manifest" -> data -> TransportMessages.manifest("manifest.pb", data);
            case "receipt" -> data -> TransportMessages.receipt("receipt.pb", data);
            case "pack" -> data -> BlockUnpacker.unpack(ByteSource.of("pack", data), PACK_LIMITS, NoSink::new);
            case "aggregate" -> data -> AggregateChunk.decode(data).toBytes();
            default -> throw new IllegalArgumentException("no reader " + name);
        };
    }

    /// Called by the fuzzer with each input.
    public static void fuzzerTestOneInput(byte[] data) {
        run(reader, data);
    }

    static void run(Reader reader, byte[] data) {
        if (allocated(reader, data) > ALLOCATED_BYTES_MAX) {
            long again = allocated(reader, data); // the first time classes are loaded, too
            if (again > ALLOCATED_BYTES_MAX) {
                throw new IllegalStateException("%d bytes allocated for %d".formatted(again, data.length));
            }
        }
    }

    private static long allocated(Reader reader, byte[] data) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        byte[] repaired = data.clone();
        for (int i = 0; i < REPAIRS_MAX && !readsOrRefuses(reader, repaired); i++) {
            // once more, with one more checksum right
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /// A fuzzer cannot guess checksums, so that it would never come past the first: each that is wrong is made right.
    ///
    /// @return false if a checksum was mended: then the input is to be read again
    private static boolean readsOrRefuses(Reader reader, byte[] data) {
        try {
            reader.read(data);
        } catch (CorruptFormatException e) {
            var wrong = WRONG_CHECKSUM.matcher(e.problem());
            if (wrong.find() && e.offset() + Integer.BYTES <= data.length) {
                int right = Integer.parseUnsignedInt(wrong.group(1), 16);
                ByteBuffer.wrap(data).putInt((int) e.offset(), right);
                return false;
            }
        } catch (IOException | IllegalArgumentException _) {
            // refused, as it should be
        }
        return true;
    }

    private static void index(byte[] data) throws IOException {
        try (IndexReader index = IndexReader.open(ByteSource.of("index", data))) {
            index.forEachSeries(index::labels);
            int[] lists = new int[1];
            index.forEachPostings((_, _, _) -> lists[0]++);
            long[] offsets = new long[Math.min(lists[0], POSTINGS_READ)];
            int[] at = new int[1];
            index.forEachPostings((_, _, offset) -> {
                if (at[0] < offsets.length) {
                    offsets[at[0]++] = offset;
                }
            });
            for (long offset : offsets) {
                index.postings(offset, _ -> {});
            }
        }
    }

    private static void segment(byte[] data) throws IOException {
        try (SegmentReader segment = SegmentReader.open(ByteSource.of("000001", data))) {
            Chunk chunk = segment.read(SegmentReader.HEADER_BYTES);
            if (chunk.holdsSamples()) {
                walk(chunk.iterator());
            }
        }
    }

    private static void walk(ChunkIterator samples) throws IOException {
        while (samples.next()) {
            // Taking each histogram out of a wide chunk would be the caller's allocation.
        }
    }

    private static void openMetrics(byte[] data) throws IOException {
        try (OpenMetricsReader in = OpenMetricsReader.of("fuzz", new ByteArrayInputStream(data))) {
            while (in.next()) {
                // to the end
            }
        }
    }
}
