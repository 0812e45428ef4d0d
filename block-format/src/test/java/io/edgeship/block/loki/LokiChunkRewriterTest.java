package io.edgeship.block.loki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LokiChunkRewriterTest {
    @TempDir
    private Path dir;

    @Test
    void theFingerprintOfEveryStreamIsLokisOwn() throws IOException {
        for (Path file : GoldenLoki.chunkFiles(GoldenLoki.WHOLE)) {
            LokiChunkHeader header = LokiChunkReader.open(file).header();
            assertThat(LokiChunkRewriter.fingerprint(header.labels()))
                    .as("%s", header.labels())
                    .isEqualTo(header.fingerprint());
        }
    }

    @Test
    void anotherTenantAndASiteChangeAllThatHangsOnThemAndNoLine() throws IOException {
        LokiChunk chunk = first(GoldenLoki.WHOLE);
        LokiChunk rewritten = LokiChunkRewriter.rewrite(chunk, new LokiChunkEdit("fleet", Map.of("site", "s1"), null));

        assertThat(rewritten.header().tenant()).isEqualTo("fleet");
        assertThat(rewritten.header().labels())
                .containsEntry("site", "s1")
                .containsAllEntriesOf(chunk.header().labels());
        assertThat(rewritten.header().fingerprint())
                .isEqualTo(LokiChunkRewriter.fingerprint(rewritten.header().labels()))
                .isNotEqualTo(chunk.header().fingerprint());
        assertThat(rewritten.bodyBytes()).isEqualTo(chunk.bodyBytes());
        assertThat(rewritten.name().fromMillis()).isEqualTo(chunk.name().fromMillis());
        assertThat(LokiChunkReader.open(written(rewritten)).header()).isEqualTo(rewritten.header());
    }

    @ParameterizedTest
    @EnumSource
    void everyCodecBecomesEveryOther(LokiCodec from) throws IOException {
        LokiChunk chunk = first(GoldenLoki.CODECS.resolve(from.label()));
        for (LokiCodec to : LokiCodec.values()) {
            LokiChunk rewritten = LokiChunkRewriter.rewrite(chunk, new LokiChunkEdit(null, Map.of(), to));

            assertThat(rewritten.codec()).isEqualTo(to);
            assertThat(GoldenLoki.read(List.of(rewritten))).isEqualTo(GoldenLoki.read(List.of(chunk)));
            assertThat(rewritten.kilobytes()).isEqualTo(chunk.kilobytes());
            assertThat(rewritten.entries()).isEqualTo(chunk.entries());
            assertThat(rewritten.header()).isEqualTo(chunk.header());
        }
    }

    @Test
    void whatANewerLokiSaysInTheHeaderStays() throws IOException {
        byte[] bytes = Files.readAllBytes(GoldenLoki.NEWER.resolve("golden.chunk"));
        LokiChunk chunk = LokiChunkReader.open("golden", bytes);

        // Loki writes so small a header uncompressed, too: nothing edited is nothing changed.
        assertThat(LokiChunkRewriter.rewrite(chunk, new LokiChunkEdit(null, Map.of(), null))
                        .toBytes())
                .isEqualTo(bytes);
    }

    @Test
    void aLabelThatIsThereIsNotReplaced() throws IOException {
        LokiChunk chunk = first(GoldenLoki.WHOLE);
        String name = new TreeMap<>(chunk.header().labels()).lastKey();

        assertThatThrownBy(() -> LokiChunkRewriter.rewrite(chunk, new LokiChunkEdit(null, Map.of(name, "x"), null)))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("has a label " + name + " already");
        assertThatThrownBy(() -> new LokiChunkEdit("../up", Map.of(), null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Path written(LokiChunk chunk) throws IOException {
        Path file = dir.resolve(chunk.path());
        Files.createDirectories(file.resolveSibling(""));
        return Files.write(file, chunk.toBytes());
    }

    private static LokiChunk first(Path dir) throws IOException {
        return LokiChunkReader.open(GoldenLoki.chunkFiles(dir).getFirst());
    }
}
