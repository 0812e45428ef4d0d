package io.edgeship.queue.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.message.v1.Loss;
import io.edgeship.queue.Blocks;
import io.edgeship.queue.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A link costs nothing until the source lets go.
class SpoolUseTest {
    private static final int CHUNK_BYTES = 100_000;

    @TempDir
    private Path dir;

    @Test
    void bytesCountAsTheSpoolsOwnOnceTheSourceHasLetGo() throws IOException {
        Path a = Blocks.write(dir, Blocks.A, CHUNK_BYTES);
        try (Spool spool = Spool.open(dir.resolve("spool"))) {
            spool.take(Blocks.A, a);
            SpoolUse linked = SpoolUse.of(spool, 5);
            assertThat(linked.sharedBytes()).isGreaterThanOrEqualTo(CHUNK_BYTES);
            assertThat(linked.ownBytes()).as("item.json").isBetween(1L, 1000L);
            assertThat(linked.freeBytes()).isEqualTo(5);

            Files.delete(a.resolve("chunks/000001"));
            SpoolUse let = SpoolUse.of(spool, 5);
            assertThat(let.allBytes()).isEqualTo(linked.allBytes());
            assertThat(let.ownBytes()).isEqualTo(linked.ownBytes() + CHUNK_BYTES);
        }
    }

    @Test
    void whatWaitsAndWhatWasSetAsideCountsAlike() throws IOException {
        try (Spool spool = Spool.open(dir.resolve("spool"))) {
            for (var id : java.util.List.of(Blocks.A, Blocks.B, Blocks.C)) {
                Path block = Blocks.write(dir, id, CHUNK_BYTES);
                spool.take(id, block);
                Files.delete(block.resolve("chunks/000001"));
            }
            spool.seal(Blocks.B, Blocks.sealed(Blocks.B, spool.incoming().get(1).dir()));
            spool.quarantine(Blocks.C, Blocks.loss(Blocks.C, Loss.Reason.REASON_CORRUPT));
            assertThat(SpoolUse.of(spool, 0).ownBytes()).isBetween(3L * CHUNK_BYTES, 3L * CHUNK_BYTES + 5000);
        }
    }
}
