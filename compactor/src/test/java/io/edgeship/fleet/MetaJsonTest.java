package io.edgeship.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.tsdb.BlockMeta;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetaJsonTest {
    private static final byte[] META =
            BucketFolder.meta(BucketFolder.A, 0, 1, "a\\\"}{\\\\").getBytes(UTF_8);

    @Test
    void everyCutIsTornAndTheWholeIsNot() {
        for (int cut = 0; cut < META.length; cut++) {
            assertThat(MetaJson.isTorn(Arrays.copyOf(META, cut)))
                    .as("cut at byte %d", cut)
                    .isTrue();
        }
        assertThat(MetaJson.isTorn(META)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n", "<html>", "[]", "nul", "{", "{\"a\":\"}", "\0\0\0\0", "{\"}\\\"}"})
    void whatNobodyReadsAsAnObjectIsTorn(String text) {
        assertThat(MetaJson.isTorn(text.getBytes(UTF_8))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", " \t\r\n{\"version\":2}", "{}garbage", "{\"a\":{\"b\":\"}\"}}", "{,}", "\nnull"})
    void whatClosesItsFirstBracketIsNot(String text) {
        assertThat(MetaJson.isTorn(text.getBytes(UTF_8))).isFalse();
    }

    @Test
    void keepsOfAMetaWhatACycleAsksFor() throws Exception {
        BlockMeta meta = BlockMeta.parse("test", META);
        BlockMeta slim = MetaJson.slim(meta);

        assertThat(slim.original().keys()).isEmpty();
        assertThat(slim.id()).isEqualTo(meta.id());
        assertThat(slim.range()).isEqualTo(meta.range());
        assertThat(slim.stats()).isEqualTo(meta.stats());
        assertThat(slim.compaction().sources()).isEqualTo(meta.compaction().sources());
        assertThat(slim.thanos())
                .isNotNull()
                .satisfies(thanos -> assertThat(thanos.labels()).containsEntry("site", "a\"}{\\"));
    }
}
