package io.edgeship.block.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlockMetaTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    static List<Path> goldenFiles() throws IOException {
        try (Stream<Path> files = Files.walk(GOLDEN)) {
            return files.filter(file -> file.endsWith("meta.json")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void writesTheVeryBytesThatPrometheusAndThanosWrote(Path file) throws IOException {
        assertThat(new String(BlockMeta.read(file).toJson(), StandardCharsets.UTF_8))
                .isEqualTo(Files.readString(file));
    }

    @Test
    void keepsKeysThatItDoesNotKnow() throws IOException {
        String json = Files.readString(GOLDEN.resolve("prometheus-2.42/meta.json"))
                .replace(
                        "\"version\": 1",
                        "\"version\": 1, \"later\": {\"deep\": [1, 2.50, null, 18446744073709551615, \"<&>\"]}")
                .replace("\"level\": 1,", "\"level\": 1, \"mood\": \"good\",");
        BlockMeta meta = BlockMeta.parse("meta.json", json.getBytes(StandardCharsets.UTF_8));

        String written = new String(meta.toJson(), StandardCharsets.UTF_8);

        assertThat(written).contains("\"mood\": \"good\"", "2.50", "18446744073709551615", "\\u003c\\u0026\\u003e");
        assertThat(BlockMeta.parse("again", written.getBytes(StandardCharsets.UTF_8))
                        .toJson())
                .isEqualTo(meta.toJson());
    }

    @Test
    void keepsKeysThatItDoesNotKnowWhereverTheyStand() throws IOException {
        String id = "01M80YDQGD3THN2VKK015C6EW9";
        String json = """
                {"ulid":"%1$s","minTime":1,"maxTime":2,"stats":{"numSamples":3,"a":1},
                "compaction":{"level":2,"sources":["%1$s"],"b":2,"parents":[
                  {"ulid":"%1$s","minTime":1,"maxTime":2,"c":3},{"ulid":"%1$s","minTime":2,"maxTime":3}]},
                "version":1,"d":4,"thanos":{"labels":{"site":"x"},"downsample":{"resolution":300000,"e":5},
                "source":"sidecar","files":[
                  {"rel_path":"index","size_bytes":7,"f":6,"hash":{"hashFunc":"BLAKE9","value":"ff","g":7}},
                  {"rel_path":"meta.json"}],
                "rewrites":[{"h":8}],"index_stats":{"series_max_size":9,"i":9},"extensions":{"j":10},"k":11}}
                """.formatted(id);
        BlockMeta meta = BlockMeta.parse("meta.json", json.getBytes(StandardCharsets.UTF_8));
        ThanosMeta thanos = Objects.requireNonNull(meta.thanos());

        BlockMeta uploaded = meta.withThanos(thanos.withUploadTime(Instant.ofEpochSecond(1)));
        String written = text(uploaded).replaceAll("\\s", "");

        assertThat(written)
                .contains("{\"numSamples\":3,\"a\":1}")
                .contains("\"parents\":[{\"ulid\":\"" + id + "\",\"minTime\":1,\"maxTime\":2,\"c\":3},{\"ulid\":\"" + id
                        + "\",\"minTime\":2,\"maxTime\":3}],\"b\":2}")
                .contains("\"downsample\":{\"resolution\":300000,\"e\":5}")
                .contains("{\"rel_path\":\"index\",\"size_bytes\":7,\"f\":6,"
                        + "\"hash\":{\"hashFunc\":\"BLAKE9\",\"value\":\"ff\",\"g\":7}},{\"rel_path\":\"meta.json\"}]")
                .contains(
                        "\"rewrites\":[{\"h\":8}],\"index_stats\":{\"series_max_size\":9,\"i\":9},\"extensions\":{\"j\":10},")
                .contains("\"upload_time\":\"1970-01-01T00:00:01Z\",\"k\":11}", "\"d\":4}");
        assertThat(BlockMeta.parse("again", uploaded.toJson()).toJson()).isEqualTo(uploaded.toJson());
    }

    @Test
    void anotherListOfFilesReplacesTheOneThatWasRead() throws IOException {
        BlockMeta meta = BlockMeta.read(GOLDEN.resolve("prometheus-2.42/meta.json"));
        String hash = "0".repeat(64);
        List<BlockFile> files = List.of(new BlockFile("index", 5, hash), new BlockFile("meta.json", 0, null));
        ThanosMeta thanos = ThanosMeta.of(Map.of("site", "a"), "edgeship", List.of("000001"), files);

        byte[] written = meta.withThanos(thanos).toJson();

        ThanosMeta read =
                Objects.requireNonNull(BlockMeta.parse("written", written).thanos());
        assertThat(read.files()).isEqualTo(files);
        assertThat(new String(written, StandardCharsets.UTF_8).replaceAll("\\s", ""))
                .contains(
                        "\"files\":[{\"rel_path\":\"index\",\"size_bytes\":5,\"hash\":{\"hashFunc\":\"SHA256\",\"value\":\""
                                + hash + "\"}},{\"rel_path\":\"meta.json\"}]");
    }

    @Test
    void uploadTimeIsSpelledAsGoSpellsIt() throws IOException {
        BlockMeta meta = BlockMeta.read(GOLDEN.resolve("prometheus-2.42/meta.json"));
        ThanosMeta thanos = ThanosMeta.of(Map.of("site", "a"), "edgeship", List.of("000001"), List.of());

        assertThat(text(meta.withThanos(thanos))).contains("\"upload_time\": \"0001-01-01T00:00:00Z\"");
        assertThat(text(meta.withThanos(thanos.withUploadTime(Instant.parse("2026-11-23T06:19:12.390500Z")))))
                .contains("\"upload_time\": \"2026-11-23T06:19:12.3905Z\"");
    }

    @Test
    void everyCutIsATypedError() throws IOException {
        byte[] whole = Files.readAllBytes(GOLDEN.resolve("prometheus-2.42/meta.json"));
        for (int cut = 0; cut < whole.length; cut++) {
            byte[] json = Arrays.copyOf(whole, cut);
            assertThatThrownBy(() -> BlockMeta.parse("cut", json))
                    .as("cut at %d", cut)
                    .isInstanceOfAny(CorruptFormatException.class, UnsupportedVersionException.class);
        }
    }

    @Test
    void everyFlippedBitIsATypedErrorOrAnotherMeta() throws IOException {
        byte[] whole = Files.readAllBytes(GOLDEN.resolve("thanos-0.43/01M83GXZ2AVMEVJC45097EEKWP/meta.json"));
        int typed = 0;
        for (int bit = 0; bit < whole.length * 8; bit += 3) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            try {
                BlockMeta.parse("flipped", flipped);
            } catch (CorruptFormatException | UnsupportedVersionException e) {
                typed++;
            }
        }
        assertThat(typed).isPositive();
    }

    @Test
    void aLaterVersionIsNotABrokenFile() {
        byte[] json = "{\"ulid\":\"01M80YDQGD3THN2VKK015C6EW9\",\"version\":2}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> BlockMeta.parse("meta.json", json)).isInstanceOf(UnsupportedVersionException.class);
    }

    private static String text(BlockMeta meta) {
        assertThat(Objects.requireNonNull(meta.thanos()).labels()).containsKey("site");
        return new String(meta.toJson(), StandardCharsets.UTF_8);
    }
}
