package io.edgeship.compact.lock;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static io.edgeship.fleet.BucketFolder.C;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.RecordingBucket;
import io.edgeship.compact.lock.ThanosAtWork.Evidence;
import io.edgeship.compact.mark.DeletionReason;
import io.edgeship.compact.mark.Marks;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketContent;
import io.edgeship.fleet.BucketFolder;
import io.edgeship.fleet.BucketMemory;
import io.edgeship.fleet.BucketSync;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ThanosAtWorkTest {
    private static final Duration OLD = Duration.ofDays(3);
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");
    private static final String STATE = "edgeship/fleet/foreign-";

    private final BucketMemory content = new BucketMemory();

    @Test
    void whatAPredecessorLeftIsNoEvidence() throws Exception {
        compacted(A, "")
                .put(B + "/deletion-mark.json", mark(B, "outdated block"), OLD)
                .block(B, OLD);

        assertThat(look(NOW)).isEmpty();
        assertThat(look(NOW.plusSeconds(300))).isEmpty();
    }

    @Test
    void aCompactedBlockThatIsNewAndNotOursIsEvidenceWhateverItsTimes() throws Exception {
        look(NOW);
        compacted(A, "");

        Evidence evidence = look(NOW.plusSeconds(300)).orElseThrow();

        assertThat(evidence.trace()).isEqualTo(A + "/meta.json");
        assertThat(evidence.message()).contains(A.toString(), "2026-11-20T12:05:00Z", "foreign_compactor: ignore");
    }

    @Test
    void itLastsUntilTheForeignOneHasBeenQuietAndOverRestarts() throws Exception {
        look(NOW);
        compacted(A, "");
        look(NOW);

        assertThat(look(NOW.plus(ThanosAtWork.QUIET).minusMillis(1))).isPresent();
        assertThat(look(NOW.plus(ThanosAtWork.QUIET))).isEmpty();
        compacted(B, "");
        assertThat(look(NOW.plus(ThanosAtWork.QUIET)).orElseThrow().trace()).isEqualTo(B + "/meta.json");
    }

    @Test
    void blocksAndMarksOfOursAndOfPeopleAreNone() throws Exception {
        content.block(B, OLD).block(C, OLD);
        look(NOW);
        compacted(A, A.toString());
        new Marks(content.open()).delete(B, new DeletionReason.Compacted());
        new Marks(content.open()).delete(C, new DeletionReason.Manual("a person"));
        content.put(B + "/no-compact-mark.json", "{}", OLD);

        assertThat(look(NOW)).isEmpty();
    }

    @Test
    void anExtensionThatThanosCarriedOverMakesNoBlockOurs() throws Exception {
        look(NOW);
        compacted(A, B.toString());

        assertThat(look(NOW)).isPresent();
    }

    @Test
    void aMarkInTheWordsOfThanosIsEvidence() throws Exception {
        content.block(A, OLD);
        look(NOW);
        content.put(A + "/deletion-mark.json", mark(A, "block exceeding retention of 720h0m0s"), Duration.ZERO);

        assertThat(look(NOW).orElseThrow().trace()).isEqualTo(A + "/deletion-mark.json");
    }

    @Test
    void aPeekWritesNothingAndSeesTheSame() throws Exception {
        look(NOW);
        compacted(A, "");
        String before = new String(content.read(state()), UTF_8);
        ThanosAtWork atWork = new ThanosAtWork(content.open(), "");

        assertThat(atWork.peek(blocks(), Set.of(), NOW)).isPresent();

        assertThat(content.read(state())).asString().isEqualTo(before);
        assertThat(look(NOW)).isPresent();
    }

    @Test
    void withoutNewsOneRequestIsMade() throws Exception {
        compacted(A, "");
        look(NOW);
        RecordingBucket bucket = new RecordingBucket(content.open());

        new ThanosAtWork(bucket, "").look(blocks(), Set.of(), NOW);

        assertThat(bucket.calls()).containsExactly("get " + state());
    }

    @Test
    void anotherSelectorHasALookOfItsOwn() throws Exception {
        look(NOW);
        compacted(A, "");

        assertThat(new ThanosAtWork(content.open(), "other").look(blocks(), Set.of(), NOW))
                .isEmpty();
        assertThat(look(NOW)).isPresent();
    }

    @Test
    void aDamagedMemoryIsAFirstLook() throws Exception {
        look(NOW);
        content.put(state(), "{", Duration.ZERO);
        compacted(A, "");

        assertThat(look(NOW)).isEmpty();
        compacted(B, "");
        assertThat(look(NOW)).isPresent();
    }

    private Optional<Evidence> look(Instant now) throws IOException {
        return new ThanosAtWork(content.open(), "").look(blocks(), Set.of(), now);
    }

    private List<BucketBlock> blocks() throws IOException {
        return new BucketSync(content.open()).sync().blocks();
    }

    private String state() {
        return content.keys().stream()
                .filter(key -> key.startsWith(STATE))
                .findFirst()
                .orElseThrow();
    }

    private BucketContent compacted(BlockId id, String note) throws IOException {
        String extensions = note.isEmpty() ? "" : ",\"extensions\":{\"edgeship\":{\"compacted\":\"" + note + "\"}}";
        String meta = BucketFolder.meta(id, 0, 7_200_000, "a")
                .replace("\"source\":\"edgeship\"", "\"source\":\"compactor\"" + extensions);
        return content.block(id, meta, OLD);
    }

    private static String mark(BlockId id, String details) {
        return "{\"id\":\"%s\",\"version\":1,\"details\":\"%s\",\"deletion_time\":1}".formatted(id, details);
    }
}
