package io.edgeship.block.tsdb.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.encoding.FileSink;
import io.edgeship.block.encoding.FileSource;
import io.edgeship.block.encoding.FormatWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentWriterTest {
    private static final Path GOLDEN = Path.of(System.getProperty("edgeship.golden", "src/test/resources/golden"));

    @TempDir
    private Path dir;

    @Test
    void everyGoldenSegmentIsWrittenToTheSameBytes() throws IOException {
        List<Path> segments;
        try (Stream<Path> files = Files.walk(GOLDEN)) {
            segments = files.filter(file -> file.toString().matches(".*/chunks/[0-9]{6}"))
                    .sorted()
                    .toList();
        }
        assertThat(segments).hasSizeGreaterThan(3);
        for (Path segment : segments) {
            try (SegmentWriter writer = new SegmentWriter(name -> FileSink.create(dir.resolve(name)))) {
                for (Chunk chunk : read(segment)) {
                    writer.write(List.of(chunk));
                }
                writer.finish();
            }
            Path again = dir.resolve("000001");
            assertThat(Files.mismatch(segment, again))
                    .as("first difference in %s", segment)
                    .isNegative();
            Files.delete(again);
        }
    }

    @Test
    void aFullSegmentIsFollowedByAnother() throws IOException {
        Chunk chunk = new Chunk(1, new byte[30]); // 40 bytes, as reckoned
        List<ChunkRef> refs = new ArrayList<>();
        try (SegmentWriter writer = new SegmentWriter(name -> FileSink.create(dir.resolve(name)), 100)) {
            refs.addAll(writer.write(Collections.nCopies(3, chunk)));
            refs.addAll(writer.write(List.of(chunk, new Chunk(1, new byte[500]), chunk)));
            writer.finish();
        }
        assertThat(refs).extracting(ChunkRef::segment).containsExactly(0, 0, 1, 1, 2, 3);
        for (ChunkRef ref : refs) {
            try (SegmentReader reader = SegmentReader.open(FileSource.open(dir.resolve(ref.fileName())))) {
                assertThat(reader.read(ref.offset()).encodingCode()).isEqualTo(1);
            }
        }
    }

    private static List<Chunk> read(Path segment) throws IOException {
        List<Chunk> chunks = new ArrayList<>();
        long end = Files.size(segment);
        try (SegmentReader reader = SegmentReader.open(FileSource.open(segment))) {
            for (long offset = SegmentReader.HEADER_BYTES; offset < end; ) {
                Chunk chunk = reader.read(offset);
                chunks.add(chunk);
                int length = chunk.data().length;
                offset += FormatWriter.uvarintBytes(length) + 1L + length + 4;
            }
        }
        return chunks;
    }
}
