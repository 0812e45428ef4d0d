package io.edgeship.block.thanos;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkTest {
    private static final BlockId ID = BlockId.parse("01M80YDQGD3THN2VKK015C6EW9");
    private static final Instant AT = Instant.ofEpochSecond(1755850000);

    @Test
    void areSpelledAsThanosSpellsThem() throws IOException {
        byte[] deletion = new Mark.Deletion(ID, "source of compacted block", AT).toJson();
        assertThat(text(deletion))
                .isEqualTo(
                        "{\"id\":\"01M80YDQGD3THN2VKK015C6EW9\",\"version\":1,\"details\":\"source of compacted block\","
                                + "\"deletion_time\":1755850000}");
        assertThat(text(new Mark.NoCompact(ID, "", AT, "manual").toJson()))
                .isEqualTo(
                        "{\"id\":\"01M80YDQGD3THN2VKK015C6EW9\",\"version\":1,\"no_compact_time\":1755850000,\"reason\":\"manual\"}");
        assertThat(text(new Mark.NoDownsample(ID, "", AT, "manual").toJson()))
                .isEqualTo(
                        "{\"id\":\"01M80YDQGD3THN2VKK015C6EW9\",\"version\":1,\"no_downsample_time\":1755850000,\"reason\":\"manual\"}");
        assertThat(Mark.Deletion.parse("mark", deletion))
                .isEqualTo(new Mark.Deletion(ID, "source of compacted block", AT));
    }

    @Test
    void shipperStateIsIndentedWithTabsAndEndsWithALineFeed() throws IOException {
        byte[] json = ShipperState.of(List.of(ID)).toJson();

        assertThat(text(json))
                .isEqualTo("{\n\t\"version\": 1,\n\t\"uploaded\": [\n\t\t\"01M80YDQGD3THN2VKK015C6EW9\"\n\t]\n}\n");
        assertThat(ShipperState.parse("state", json).uploaded()).containsExactly(ID.toString());
        assertThat(text(ShipperState.of(List.of()).toJson())).contains("\"uploaded\": []");
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
