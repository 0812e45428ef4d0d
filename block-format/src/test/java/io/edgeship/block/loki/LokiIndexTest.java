package io.edgeship.block.loki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.encoding.CorruptFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class LokiIndexTest {
    private static final long SEED = 20_261_126;
    private static final Path GOLDEN =
            GoldenLoki.WHOLE.resolve("index/index_20778/1795331773-vm-1795331773194354719.tsdb.gz");

    @Test
    void theIndexOfChunksIsLokisOwnToTheByte() throws IOException {
        List<LokiIndexSeries> series = new ArrayList<>();
        for (Path file : GoldenLoki.chunkFiles(GoldenLoki.WHOLE)) {
            series.add(ofManyTenants(LokiChunkReader.open(file)));
        }

        assertThat(LokiIndexWriter.write(series)).isEqualTo(golden());
    }

    @Test
    void theIndexOfANewerLokiIsMadeToTheByteToo() throws IOException {
        byte[] chunk = Files.readAllBytes(GoldenLoki.NEWER.resolve("golden.chunk"));
        byte[] index = Files.readAllBytes(GoldenLoki.NEWER.resolve("golden.index"));

        assertThat(LokiIndexWriter.write(List.of(ofManyTenants(LokiChunkReader.open("golden", chunk)))))
                .isEqualTo(index);
        assertThat(LokiIndexReader.parse("golden", index).crc32c()).isEqualTo(0xa75ed0a2);
    }

    @Test
    void whatIsReadIsWrittenAgain() throws IOException {
        LokiIndex index = LokiIndexReader.read(GOLDEN);

        assertThat(index.version()).isEqualTo(3);
        assertThat(index.series()).hasSize(6);
        assertThat(LokiIndexWriter.write(index.series())).isEqualTo(golden());
    }

    @Test
    void manySeriesOfManyPagesSurvive() throws IOException {
        Random random = new Random(SEED);
        List<LokiIndexSeries> series = new ArrayList<>();
        for (int i = 0; i < 2500; i++) {
            List<LokiIndexSeries.ChunkRef> chunks = new ArrayList<>();
            for (int c = random.nextInt(40); c >= 0; c--) {
                long from = random.nextLong(1L << 41);
                chunks.add(new LokiIndexSeries.ChunkRef(
                        from, from + random.nextInt(1 << 24), random.nextInt(2000), c, random.nextInt(), 0));
            }
            TreeMap<String, String> labels = new TreeMap<>(Map.of("n", "v" + i, "fleet", "f" + i % 7));
            series.add(new LokiIndexSeries(random.nextLong(), labels, chunks));
        }
        series.sort(LokiIndexSeries.ORDER);

        assertThat(LokiIndexReader.parse("written", LokiIndexWriter.write(series))
                        .series())
                .as("seed %d", SEED)
                .isEqualTo(series);
    }

    @Test
    void eachTenantAndDayHasItsIndex() throws IOException {
        LokiDayIndexes days = new LokiDayIndexes("index_");
        for (Path file : GoldenLoki.chunkFiles(GoldenLoki.WHOLE)) {
            days.add(LokiChunkReader.open(file));
        }

        assertThat(days.files()).hasSize(2).allSatisfy(file -> {
            assertThat(file.path())
                    .matches("index/index_20778/(acme|fake)/\\d+-compactor-\\d+-\\d+-[0-9a-f]+\\.tsdb\\.gz");
        });
    }

    @Test
    void everyCutAndEveryFlippedBitOfSymbolsSeriesAndTableIsATypedError() throws IOException {
        byte[] whole = golden();
        for (int cut = 0; cut < whole.length; cut++) {
            byte[] part = Arrays.copyOf(whole, cut);
            assertThatThrownBy(() -> LokiIndexReader.parse("cut", part))
                    .as("cut at %d", cut)
                    .isInstanceOf(CorruptFormatException.class);
        }
        for (int bit = 0; bit < whole.length * Byte.SIZE; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            try {
                assertThat(LokiIndexReader.parse("flipped", flipped).series()).hasSize(6);
            } catch (IOException refused) {
                assertThat(refused).hasMessageStartingWith("flipped ");
            }
        }
    }

    private static LokiIndexSeries ofManyTenants(LokiChunk chunk) {
        TreeMap<String, String> labels = new TreeMap<>(chunk.header().labels());
        labels.remove("__name__");
        labels.put("__loki_tenant__", chunk.header().tenant());
        return new LokiIndexSeries(chunk.header().fingerprint(), labels, List.of(LokiIndexSeries.ChunkRef.of(chunk)));
    }

    private static byte[] golden() throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(GOLDEN))) {
            return in.readAllBytes();
        }
    }
}
