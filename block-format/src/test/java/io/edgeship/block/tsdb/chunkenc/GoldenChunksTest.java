package io.edgeship.block.tsdb.chunkenc;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.encoding.FileSource;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.SegmentReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every chunk that real programs wrote, decoded and encoded again, is the same to the bit.
class GoldenChunksTest {
    private static final Path GOLDEN = Path.of(System.getProperty("edgeship.golden", "src/test/resources/golden"));

    private final Map<Encoding, Integer> same = new EnumMap<>(Encoding.class);
    private int before30;

    @Test
    void everyGoldenChunkIsEncodedToTheSameBytes() throws IOException {
        for (Path segment : segments()) {
            long end = Files.size(segment);
            try (SegmentReader reader = SegmentReader.open(FileSource.open(segment))) {
                for (long offset = SegmentReader.HEADER_BYTES; offset < end; ) {
                    Chunk chunk = reader.read(offset);
                    check(chunk, segment + " at " + offset);
                    offset += sizeBytes(chunk);
                }
            }
        }
        assertThat(same).as("chunks looked at").containsOnlyKeys(EnumSet.complementOf(EnumSet.of(Encoding.UNKNOWN)));
        assertThat(before30).as("chunks of the older dialect").isPositive();
    }

    private static List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.walk(GOLDEN)) {
            return files.filter(file -> file.toString().matches(".*/chunks/[0-9]{6}"))
                    .sorted()
                    .toList();
        }
    }

    private static long sizeBytes(Chunk chunk) {
        int length = chunk.data().length;
        int varint = 1;
        for (int rest = length >>> 7; rest != 0; rest >>>= 7) {
            varint++;
        }
        return varint + 1L + length + 4;
    }

    private void check(Chunk chunk, String where) throws IOException {
        same.merge(chunk.encoding(), 1, Integer::sum);
        switch (chunk.encoding()) {
            case XOR -> check(new XorIterator(chunk.data()), new XorAppender(), chunk, where);
            case XOR2 -> check(new Xor2Iterator(chunk.data()), new Xor2Appender(), chunk, where);
            case HISTOGRAM -> check(new HistogramIterator(chunk.data(), false), false, chunk, where);
            case HISTOGRAM_ST -> check(new HistogramIterator(chunk.data(), true), true, chunk, where);
            case FLOAT_HISTOGRAM -> check(new FloatHistogramIterator(chunk.data(), false), false, chunk, where);
            case FLOAT_HISTOGRAM_ST -> check(new FloatHistogramIterator(chunk.data(), true), true, chunk, where);
            case AGGREGATE -> {
                AggregateChunk aggregates = AggregateChunk.decode(chunk.data());
                assertThat(aggregates.toBytes()).as(where).isEqualTo(chunk.data());
                for (Optional<AggregateChunk.Part> part : aggregates.parts()) {
                    if (part.isPresent()) {
                        check(new Chunk(part.get().encodingCode(), part.get().data()), where);
                    }
                }
            }
            case UNKNOWN -> throw new AssertionError("unknown encoding in " + where);
        }
    }

    private void check(HistogramIterator from, boolean withStarts, Chunk chunk, String where) throws IOException {
        HistogramAppender to = new HistogramAppender(withStarts);
        while (from.next()) {
            to.append(from.startMillis(), from.timeMillis(), from.histogram());
        }
        check(dialect -> to.toBytes(from.counterReset(), dialect), chunk, where);
    }

    private void check(FloatHistogramIterator from, boolean withStarts, Chunk chunk, String where) throws IOException {
        FloatHistogramAppender to = new FloatHistogramAppender(withStarts);
        while (from.next()) {
            to.append(from.startMillis(), from.timeMillis(), from.histogram());
        }
        check(dialect -> to.toBytes(from.counterReset(), dialect), chunk, where);
    }

    private void check(FloatIterator from, FloatAppender to, Chunk chunk, String where) throws IOException {
        while (from.next()) {
            to.append(from.startMillis(), from.timeMillis(), from.valueBits());
        }
        check(to::toBytes, chunk, where);
    }

    private void check(Function<BitDialect, byte[]> encoded, Chunk chunk, String where) {
        byte[] again = encoded.apply(BitDialect.SINCE_3_0);
        if (again.length < chunk.data().length) {
            again = encoded.apply(BitDialect.BEFORE_3_0);
            before30++;
        }
        assertThat(again).as(where).isEqualTo(chunk.data());
    }
}
