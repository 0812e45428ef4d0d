package io.edgeship.ship;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.queue.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusedBlocksTest {
    @TempDir(factory = MemoryDirectory.class)
    private Path dir;

    @Test
    void whatNoDiskHadRoomToListIsKnownMeanwhileAndListedOnceItHas() throws IOException {
        DataDirectory data = DataDirectory.create(dir);
        data.cut(DataDirectory.A);
        BlockMeta meta = BlockMeta.read(data.block(DataDirectory.A).resolve(BlockMeta.FILE_NAME));
        try (Spool spool = Spool.open(dir.resolve("spool"))) {
            RefusedBlocks blocks = new RefusedBlocks(spool);
            Path inTheWay = Files.createDirectory(spool.dir().resolve("refused.json.tmp"));
            Path keepsIt = Files.createFile(inTheWay.resolve("keeps it"));

            assertThat(blocks.remember(List.of(meta)))
                    .hasValueSatisfying(
                            why -> assertThat(why).startsWith("blocks that were not taken cannot be listed: "));
            assertThat(blocks.known()).containsOnlyKeys(meta.id());
            assertThat(new RefusedBlocks(spool).known()).isEmpty();

            Files.delete(keepsIt);
            assertThat(blocks.remember(List.of(meta))).isEmpty();
            assertThat(new RefusedBlocks(spool).known()).containsOnlyKeys(meta.id());
        }
    }
}
