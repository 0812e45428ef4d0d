package io.edgeship.ship.loki;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiChunkName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TakenChunksTest {
    /// Through several sizes of its table.
    private static final int CHUNKS = 9000;

    private static List<LokiChunkKey> chunks() {
        List<LokiChunkKey> chunks = new ArrayList<>();
        for (int i = 0; i < CHUNKS; i++) {
            chunks.add(new LokiChunkKey("fake", i, new LokiChunkName(1_790_000_000_000L, 1_790_000_060_000L, i)));
        }
        return chunks;
    }

    @Test
    void whatIsTakenInALookIsNotForgottenAtItsEnd() {
        TakenChunks taken = new TakenChunks();
        taken.beginLook();
        chunks().forEach(taken::add);
        taken.endLook();
        assertThat(taken.size()).isEqualTo(CHUNKS);
        assertThat(chunks()).allMatch(taken::sees);
    }

    @Test
    void whatIsThereWhileOthersAreTakenIsNotForgottenEither() throws Exception {
        TakenChunks before = new TakenChunks();
        chunks().subList(0, CHUNKS / 2).forEach(before::add);
        TakenChunks taken = TakenChunks.parse("taken", before.toBytes());
        taken.beginLook();
        for (LokiChunkKey chunk : chunks()) {
            if (!taken.sees(chunk)) {
                taken.add(chunk);
            }
        }
        taken.endLook();
        assertThat(taken.size()).isEqualTo(CHUNKS);
    }

    @Test
    void whatIsGoneIsForgotten() {
        TakenChunks taken = new TakenChunks();
        chunks().forEach(taken::add);
        taken.beginLook();
        List<LokiChunkKey> left = chunks().subList(0, 100);
        assertThat(left).allMatch(taken::sees);
        taken.endLook();
        assertThat(taken.size()).isEqualTo(left.size());
        assertThat(taken.sees(chunks().getLast())).isFalse();
    }
}
