package io.edgeship.compact.mark;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.thanos.Mark;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import io.edgeship.bucket.memory.MemoryBucket;
import io.edgeship.compact.mark.DeletionReason.Compacted;
import io.edgeship.compact.mark.DeletionReason.Expired;
import io.edgeship.compact.mark.DeletionReason.Manual;
import io.edgeship.compact.mark.DeletionReason.Outdated;
import io.edgeship.compact.mark.Marks.Outcome;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarksTest {
    private static final String DELETION = A + "/deletion-mark.json";

    private Instant now = Instant.parse("2026-11-20T00:00:00.75Z");
    private final MemoryBucket bucket = new MemoryBucket(() -> now);

    @Test
    void marksAreThoseOfThanosByTheStoresClock() throws Exception {
        bucket.head(A + "/index"); // from a reply on, its time is known
        Marks marks = new Marks(bucket);

        assertThat(marks.delete(A, new Compacted())).isEqualTo(Outcome.SET);
        assertThat(marks.noCompact(A, NoCompactReason.BROKEN, "index at offset 7"))
                .isEqualTo(Outcome.SET);
        assertThat(marks.noDownsample(A, NoCompactReason.MANUAL, "")).isEqualTo(Outcome.SET);

        assertThat(text(DELETION))
                .isEqualTo("{\"id\":\"%s\",\"version\":1,\"details\":\"source of compacted block (edgeship)\","
                                .formatted(A)
                        + "\"deletion_time\":1795132800}");
        assertThat(text(A + "/no-compact-mark.json"))
                .isEqualTo("{\"id\":\"%s\",\"version\":1,\"details\":\"index at offset 7\",".formatted(A)
                        + "\"no_compact_time\":1795132800,\"reason\":\"edgeship-broken-block\"}");
        assertThat(text(A + "/no-downsample-mark.json"))
                .isEqualTo("{\"id\":\"%s\",\"version\":1,\"no_downsample_time\":1795132800,\"reason\":\"manual\"}"
                        .formatted(A));
    }

    @Test
    void aMarkThatIsThereKeepsItsTime() throws Exception {
        Marks marks = new Marks(bucket);
        marks.delete(A, new Compacted());
        String before = text(DELETION);
        now = now.plusSeconds(100);

        assertThat(marks.delete(A, new Outdated())).isEqualTo(Outcome.WAS_THERE);
        assertThat(new Marks(withoutConditions()).delete(A, new Outdated())).isEqualTo(Outcome.WAS_THERE);
        assertThat(text(DELETION)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"id\":",
                "{\"id\":\"01M83GSE5DPDK87AWYMSGXDHS9\",\"version\":1,\"deletion_time\":1}",
                "{\"id\":\"01M83GR348Y4934FR7CE7TVV09\",\"version\":1,\"deletion_time\":0}"
            })
    void oneThatNobodyCanReadIsReplaced(String text) throws Exception {
        for (Bucket onto : new Bucket[] {bucket, withoutConditions()}) {
            bucket.set(DELETION, text.getBytes(UTF_8));

            assertThat(new Marks(onto).delete(A, new Compacted())).isEqualTo(Outcome.SET);
            assertThat(Mark.Deletion.parse(DELETION, text(DELETION).getBytes(UTF_8))
                            .id())
                    .isEqualTo(A);
        }
    }

    @Test
    void oneOfALaterVersionIsLeftToWhoeverUnderstandsIt() throws Exception {
        bucket.set(DELETION, "{\"id\":\"x\",\"version\":2}".getBytes(UTF_8));

        assertThat(new Marks(bucket).delete(A, new Compacted())).isEqualTo(Outcome.WAS_THERE);
        assertThat(text(DELETION)).contains("\"version\":2");
    }

    @Test
    void aStoreWithoutConditionsIsLookedAtFirst() throws Exception {
        assertThat(new Marks(withoutConditions()).delete(A, new Compacted())).isEqualTo(Outcome.SET);
        assertThat(bucket.keys("")).containsExactly(DELETION);
    }

    @Test
    void oneIsTakenBackAloneAndOnceIsEnough() throws Exception {
        Marks marks = new Marks(bucket);
        marks.delete(A, new Compacted());
        marks.delete(B, new Compacted());

        marks.remove(A, Mark.Deletion.FILE_NAME);
        marks.remove(A, Mark.Deletion.FILE_NAME);

        assertThat(bucket.keys("")).containsExactly(B + "/deletion-mark.json");
    }

    @Test
    void aFailureIsTold() {
        for (Moment moment : Moment.values()) {
            Bucket cut = FailingBucket.fromCall(bucket, 1, moment);
            assertThatThrownBy(() -> new Marks(cut).delete(A, new Compacted()))
                    .isInstanceOf(BucketException.Unavailable.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"PT720H, 720h0m0s", "PT90S, 1m30s", "PT36H30M5S, 36h30m5s", "PT5S, 5s", "PT2H1S, 2h0m1s"})
    void durationsAreSpelledAsGoDoes(Duration retention, String text) {
        assertThat(new Expired(retention).text()).isEqualTo("block exceeding retention of " + text);
    }

    @Test
    void marksOfThanosAreToldFromOursAndFromThoseOfPeople() {
        for (DeletionReason reason :
                new DeletionReason[] {new Compacted(), new Outdated(), new Expired(Duration.ofDays(3))}) {
            assertThat(DeletionReason.isOfThanos(reason.text())).isTrue();
            assertThat(DeletionReason.isOfThanos(reason.details())).isFalse();
        }
        assertThat(DeletionReason.isOfThanos(new Manual("cleaning up").details()))
                .isFalse();
        assertThat(DeletionReason.isOfThanos("")).isFalse();
    }

    private Bucket withoutConditions() {
        return FailingBucket.when(
                bucket,
                call -> call.startsWith("putIf"),
                Moment.BEFORE,
                call -> new BucketException.Unsupported(call, null));
    }

    private String text(String key) {
        byte[] bytes = bucket.bytes(key);
        return bytes == null ? "" : new String(bytes, UTF_8);
    }
}
