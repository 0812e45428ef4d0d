package io.edgeship.fleet;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MadeHereTest {
    @Test
    void theNoteIsReadBackAndRemembered() throws Exception {
        BlockMeta noted = noted(A, meta(A, "{\"rewritten\":true}"));

        BlockMeta read = BlockMeta.parse("meta.json", noted.toJson());

        assertThat(MadeHere.isNoted(read)).isTrue();
        assertThat(MadeHere.isNoted(MetaJson.slim(read))).isTrue();
        assertThat(BucketBlock.committed(read, 1).isMadeHere()).isTrue();
        assertThat(section(read).extension("edgeship").flag("rewritten")).isTrue();
    }

    @Test
    void aNoteOfAnotherBlockIsNone() throws Exception {
        assertThat(MadeHere.isNoted(noted(B, meta(A, "{}")))).isFalse();
        assertThat(MadeHere.isNoted(meta(A, "{}"))).isFalse();
    }

    @Test
    void whateverStrangersWriteThereIsNoNote() throws Exception {
        for (String extension : new String[] {"7", "null", "[]", "\"x\"", "{\"compacted\":7}", "{\"compacted\":{}}"}) {
            BlockMeta meta = meta(A, extension);
            assertThat(MadeHere.isNoted(meta)).as(extension).isFalse();
            assertThat(MadeHere.isNoted(noted(A, meta))).as(extension).isTrue();
            BlockMeta remembered = MetaJson.slim(meta);
            assertThat(MadeHere.isNoted(remembered)).as(extension).isFalse();
            assertThat(MadeHere.hasExtensions(remembered)).as(extension).isTrue();
            assertThat(section(remembered).original().object("extensions").keys())
                    .as(extension) // what is in them is not
                    .isEmpty();
        }
    }

    @Test
    void ofABlockWithoutExtensionsNothingIsRemembered() throws Exception {
        BlockMeta meta =
                BlockMeta.parse("meta.json", BucketFolder.meta(A, 0, 1, "a").getBytes(UTF_8));

        assertThat(MadeHere.hasExtensions(MetaJson.slim(meta))).isFalse();
        assertThat(section(MetaJson.slim(meta)).original().keys()).isEmpty();
    }

    private static BlockMeta noted(BlockId id, BlockMeta meta) throws IOException {
        return meta.withThanos(MadeHere.note(section(meta), id));
    }

    private static ThanosMeta section(BlockMeta meta) {
        return Objects.requireNonNull(meta.thanos());
    }

    private static BlockMeta meta(BlockId id, String extension) throws IOException {
        String json = BucketFolder.meta(id, 0, 1, "a")
                .replace("\"source\"", "\"extensions\":{\"edgeship\":" + extension + "},\"source\"");
        return BlockMeta.parse("meta.json", json.getBytes(UTF_8));
    }
}
