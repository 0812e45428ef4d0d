package io.edgeship.compact.logs;

import static io.edgeship.compact.logs.TestSegment.GOLDEN;
import static io.edgeship.compact.logs.TestSegment.golden;
import static io.edgeship.compact.logs.TestSegment.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.loki.LokiChunk;
import io.edgeship.block.loki.LokiChunkHeader;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiChunkRewriter;
import io.edgeship.compact.intake.RejectedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Chunks of streams to which a Loki gave a number of its choice, for their hash was taken.
class MappedStreamsTest {
    private final LogsBed bed = new LogsBed();

    /// As a site's Loki would have written it under a number; the body is left as it is.
    private static Map<String, byte[]> mapped(String codec, String site, String tenant, long number)
            throws IOException {
        Map<String, byte[]> chunks = new LinkedHashMap<>();
        for (byte[] bytes : golden(GOLDEN.resolve(codec), site, tenant).values()) {
            LokiChunkHeader header = LokiChunkReader.parse("golden", bytes);
            int bodyAt = ByteBuffer.wrap(bytes).getInt() + Integer.BYTES;
            LokiChunkHeader renumbered = new LokiChunkHeader(
                    number,
                    header.tenant(),
                    header.fromMillis(),
                    header.throughMillis(),
                    header.labels(),
                    header.ingestedMillis(),
                    header.encoding());
            ByteArrayOutputStream changed = new ByteArrayOutputStream();
            changed.writeBytes(LokiChunkRewriter.head(renumbered, bytes.length - bodyAt));
            changed.write(bytes, bodyAt, bytes.length - bodyAt);
            LokiChunk chunk = LokiChunkReader.open("renumbered", changed.toByteArray());
            chunks.put(LokiChunkKey.of(chunk).toString(), chunk.toBytes());
        }
        return chunks;
    }

    private TestSegment send(String site, long sequence, Map<String, byte[]> chunks, int pieceBytes)
            throws IOException {
        return new TestSegment(site, id(sequence), sequence, chunks, pieceBytes).put(bed.bucket);
    }

    @Test
    void areIndexedUnderTheNumberThatLokiGave() throws Exception {
        TestSegment one = send("a", 1, mapped("codecs/zstd", "a", "fleet", 1), 5000);
        TestSegment last = send("a", 2, mapped("codecs/gzip", "a", "fleet", 1 << 20), 5000);

        bed.run();

        bed.holds(one, "number 1");
        bed.holds(last, "the last number");
        assertThat(one.chunks.keySet()).allMatch(key -> key.startsWith("fleet/1/"));
    }

    @Test
    void moreOfTheSameStreamFollows() throws Exception {
        send("a", 1, mapped("codecs/zstd", "a", "fleet", 1), 5000);
        bed.run();
        TestSegment more = send("a", 2, mapped("codecs/gzip", "a", "fleet", 1), 5000);

        bed.run();

        bed.holds(more, "of the same stream");
    }

    @Test
    void areHeldUnderANumberThatAnotherStreamOfTheTenantHas() throws Exception {
        TestSegment first = send("a", 1, mapped("codecs/zstd", "a", "fleet", 1), 5000);
        bed.run();
        TestSegment second = send("b", 2, mapped("codecs/gzip", "b", "fleet", 1), 5000);

        LogsResult result = bed.run();

        assertThat(result.taken().held()).isEqualTo(1);
        assertThat(result.taken().rejected()).isZero();
        bed.holds(first, "that was there");
        assertThat(bed.indexed()).containsExactlyElementsOf(first.chunks.keySet());
        assertThat(bed.stored()).containsExactlyElementsOf(first.chunks.keySet());

        first.chunks.keySet().forEach(this::delete);
        bed.run();
        assertThat(bed.indexed()).as("once the number is free").containsAll(second.chunks.keySet());
    }

    private void delete(String key) {
        try {
            bed.bucket.delete(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void twoInOneCycleAreTwoStreamsToo() throws Exception {
        send("a", 1, mapped("codecs/zstd", "a", "fleet", 7), 5000);
        send("b", 2, mapped("codecs/gzip", "b", "fleet", 7), 5000);

        assertThat(bed.run().taken().held()).isEqualTo(1);

        assertThat(bed.indexed()).hasSize(1);
    }

    @Test
    void thoseThatLieInTheirPlacesAreBothHeld() throws Exception {
        Map<String, byte[]> both = new LinkedHashMap<>(mapped("codecs/zstd", "a", "a.x", 7));
        both.putAll(mapped("codecs/gzip", "other", "a.x", 7));
        send("a", 1, both, 0);

        assertThat(bed.run().taken().held()).isEqualTo(1);

        assertThat(bed.indexes()).isEmpty();
    }

    @Test
    void aDamagedChunkUnderTheNumberIsNobodys() throws Exception {
        bed.bucket.put("fleet/1/1a201000000:1a201000001:1", new byte[] {1, 2, 3}, Duration.ZERO);
        TestSegment segment = send("a", 1, mapped("codecs/zstd", "a", "fleet", 1), 5000);

        bed.run();

        bed.holds(segment, "beside a damaged one");
    }

    @Test
    void aLostIndexIsRebuiltWithoutThem() throws Exception {
        for (Map<String, byte[]> chunks :
                List.of(mapped("codecs/zstd", "a", "fleet", 1), mapped("codecs/gzip", "b", "fleet", 1))) {
            chunks.forEach((key, bytes) -> bed.bucket.put(key, bytes, Duration.ZERO));
        }
        LostIndexes lost = new LostIndexes(bed.bucket.open(), bed.central());
        for (String stored : bed.stored()) {
            LokiChunkKey key = LokiChunkKey.tryParse(stored).orElseThrow();
            assertThatThrownBy(() -> lost.add(key, bed.bucket.read(stored).length, 20_778))
                    .isInstanceOf(RejectedException.class)
                    .hasMessageContaining("which the stream {");
        }
    }
}
