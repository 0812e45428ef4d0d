package io.edgeship.block.thanos;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class BucketLayoutTest {
    private static final Path PAGE = Path.of("../docs/reference/bucket.md");
    private static final Pattern KEY = Pattern.compile("`([^`]+)`");
    private static final BlockId ID = BlockId.parse("01M80YDQGD3THN2VKK015C6EW9");

    /// Every key this build can name, spelled as the page spells it.
    private static List<String> keys() {
        return List.of(
                        BucketLayout.key(ID, "chunks/000001"),
                        BucketLayout.key(ID, "index"),
                        BucketLayout.metaKey(ID),
                        BucketLayout.key(ID, Mark.Deletion.FILE_NAME),
                        BucketLayout.key(ID, Mark.NoCompact.FILE_NAME),
                        BucketLayout.key(ID, Mark.NoDownsample.FILE_NAME),
                        BucketLayout.heartbeatKey("<site>", "<incarnation>"),
                        BucketLayout.lossKey("<site>", "<incarnation>", "<ULID>"),
                        BucketLayout.deleteRequestsKey("<site>", "<incarnation>"),
                        BucketLayout.receiptKey("<site>", "<incarnation>", ID),
                        BucketLayout.itemPrefix("<site>", "<incarnation>", ID) + "<offset>-<length>-<crc32c>",
                        BucketLayout.manifestKey("<site>", "<incarnation>", ID),
                        BucketLayout.BUCKET_INDEX,
                        BucketLayout.LOGS_STATE,
                        BucketLayout.lockKey("<hash>"),
                        BucketLayout.foreignKey("<hash>"),
                        BucketLayout.PROBE,
                        // as io.edgeship.block.loki spells them: LokiChunkKey, LokiDayIndexes
                        "<tenant>/<fingerprint>/<from>:<through>:<crc32c>",
                        "index/<prefix><day>/<tenant>/<ns>-compactor-<from>-<through>-<crc32c>.tsdb.gz")
                .stream()
                .map(key -> key.replace(ID.toString(), "<ULID>"))
                .toList();
    }

    @Test
    void pageListsTheKeysOfTheCodeAndNoOthers() throws IOException {
        TreeSet<String> documented = new TreeSet<>();
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("| `")) {
                String firstCell = line.substring(1, line.indexOf('|', 1));
                KEY.matcher(firstCell).results().forEach(match -> documented.add(match.group(1)));
            }
        }

        assertThat(documented).isEqualTo(new TreeSet<>(keys()));
    }

    @Test
    void thanosTakesNoneOfOursForABlock() {
        assertThat(keys())
                .filteredOn(key -> key.startsWith(BucketLayout.OURS))
                .hasSize(11)
                .allSatisfy(key -> {
                    assertThat(BucketLayout.blockOf(key)).isEmpty();
                    assertThat(key).doesNotEndWith("/meta.json");
                });
    }

    @Test
    void blockOfAKeyIsItsFirstFolder() {
        assertThat(BucketLayout.blockOf(BucketLayout.metaKey(ID))).contains(ID);
        assertThat(BucketLayout.blockOf(ID.toString())).isEmpty();
        assertThat(BucketLayout.blockOf("debug/metas/" + ID + ".json")).isEmpty();
        assertThat(BucketLayout.blockOf(ID.toString().toLowerCase(java.util.Locale.ROOT) + "/index"))
                .isEmpty();
    }
}
