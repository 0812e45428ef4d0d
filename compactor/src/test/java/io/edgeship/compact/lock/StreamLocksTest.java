package io.edgeship.compact.lock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.Capabilities.Support;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import io.edgeship.bucket.ForwardingBucket;
import io.edgeship.bucket.RecordingBucket;
import io.edgeship.bucket.memory.MemoryBucket;
import io.edgeship.compact.lock.StreamLock.Hold;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamLocksTest {
    private static final Map<String, String> STREAM = Map.of("site", "a");
    private static final Duration A_LEASE = StreamLocks.LEASE.plusSeconds(1);

    private Instant now = Instant.parse("2026-11-20T00:00:00Z");
    private final MemoryBucket bucket = new MemoryBucket(() -> now);

    @Test
    void oneAtATimeHasIt() throws Exception {
        StreamLock lock = held(ask("one"));

        assertThat(ask("two")).isInstanceOfSatisfying(Acquired.Busy.class, busy -> {
            assertThat(busy.holder()).isEqualTo("one");
            assertThat(busy.until()).isEqualTo(now.plus(StreamLocks.LEASE));
        });
        assertThat(ask("two", Map.of("site", "b"))).isInstanceOf(Acquired.Held.class);
        assertThat(lock.renew()).isEqualTo(Hold.HELD);
    }

    @Test
    void whoListedBeforeItWasReleasedMustListAnew() throws Exception {
        StreamLock lock = held(ask("one"));
        pass(Duration.ofSeconds(5));
        Instant before = now;
        pass(Duration.ofSeconds(5));
        lock.release();

        assertThat(locks("two").acquire(STREAM, before)).isInstanceOf(Acquired.Stale.class);
        pass(Duration.ofSeconds(1));
        assertThat(ask("two")).isInstanceOf(Acquired.Held.class);
    }

    @Test
    void whoReleasedItHimselfKnowsWhatHeDid() throws Exception {
        StreamLocks one = locks("one");
        Instant listed = now;
        held(one.acquire(STREAM, listed)).release();
        assertThat(one.acquire(STREAM, listed)).isInstanceOf(Acquired.Held.class);

        pass(A_LEASE);
        assertThat(one.acquire(STREAM, listed)).isInstanceOf(Acquired.Held.class);
    }

    @Test
    void oneThatWasLeftBehindIsTakenAndItsHolderLearnsIt() throws Exception {
        StreamLock first = held(ask("one"));
        pass(StreamLocks.LEASE);
        assertThat(ask("two")).isInstanceOf(Acquired.Busy.class);
        pass(Duration.ofSeconds(1));

        StreamLock second = held(ask("two"));

        assertThat(first.renew()).isEqualTo(Hold.LOST);
        assertThat(first.assure()).isEqualTo(Hold.LOST);
        first.release(); // frees nothing
        assertThat(second.renew()).isEqualTo(Hold.HELD);
        assertThat(ask("three")).isInstanceOf(Acquired.Busy.class);
    }

    @Test
    void renewalsKeepIt() throws Exception {
        StreamLock lock = held(ask("one"));
        for (int i = 0; i < 10; i++) {
            pass(StreamLocks.LEASE.dividedBy(2));
            assertThat(lock.keep()).isEqualTo(Hold.HELD);
            assertThat(ask("two")).isInstanceOf(Acquired.Busy.class);
        }
    }

    @Test
    void aProofOfAMomentAgoCostsNoRequest() throws Exception {
        RecordingBucket recording = new RecordingBucket(bucket);
        StreamLock lock = held(locks(recording, "one").acquire(STREAM, now));
        recording.clear();

        assertThat(lock.assure()).isEqualTo(Hold.HELD);
        assertThat(recording.calls()).isEmpty();
        pass(StreamLock.PROOF);
        assertThat(lock.assure()).isEqualTo(Hold.HELD);
        assertThat(recording.keysOf("putIfMatches")).hasSize(1);
        pass(StreamLock.PROOF);
        assertThat(lock.keep()).isEqualTo(Hold.HELD);
        assertThat(recording.calls()).hasSize(1);
    }

    @Test
    void whatIsInItDecidesNothing() throws Exception {
        held(ask("one"));
        String key = bucket.keys(BucketLayout.LOCKS).getFirst();
        for (String text : new String[] {"", "{}", "{\"version\":2,\"released\":true}", "\u0000"}) {
            bucket.put(key, Body.of(text.getBytes(UTF_8)));
            assertThat(ask("two")).as(text).isInstanceOf(Acquired.Busy.class);
            pass(A_LEASE);
            assertThat(ask("two")).as(text).isInstanceOf(Acquired.Held.class);
        }
    }

    @Test
    void aRenewalWhoseReplyGotLostIsFoundAgain() throws Exception {
        int[] failures = {1};
        Bucket cut = FailingBucket.when(
                bucket,
                call -> call.startsWith("putIfMatches") && failures[0]-- > 0,
                Moment.AFTER,
                call -> new BucketException.Unavailable(call, null));
        StreamLock lock = held(locks(cut, "one").acquire(STREAM, now));

        assertThatThrownBy(lock::renew).isInstanceOf(BucketException.Unavailable.class);
        assertThat(lock.renew()).isEqualTo(Hold.HELD);
        assertThat(lock.renew()).isEqualTo(Hold.HELD);
    }

    @Test
    void oneThatSomebodyDeletedIsLost() throws Exception {
        StreamLock lock = held(ask("one"));
        bucket.remove(bucket.keys(BucketLayout.LOCKS).getFirst());

        assertThat(lock.renew()).isEqualTo(Hold.LOST);
    }

    @Test
    void withoutConditionalWritesEveryLockIsGrantedAndNothingWritten() throws Exception {
        RecordingBucket recording = new RecordingBucket(new Unconditional(bucket));

        StreamLock lock = held(locks(recording, "one").acquire(STREAM, now));

        assertThat(held(locks(recording, "two").acquire(STREAM, now)).renew()).isEqualTo(Hold.HELD);
        assertThat(lock.renew()).isEqualTo(Hold.HELD);
        assertThat(lock.assure()).isEqualTo(Hold.HELD);
        lock.release();
        assertThat(recording.calls()).isEmpty();
    }

    @Test
    void noNameCanBeTakenForABlock() throws Exception {
        for (int i = 0; i < 50; i++) {
            held(ask("one", Map.of("site", "s".repeat(i) + "/meta.json")));
        }
        assertThat(bucket.keys("")).hasSize(50).allSatisfy(key -> {
            assertThat(key).startsWith("edgeship/locks/").endsWith(".json").doesNotEndWith("/meta.json");
            assertThat(key.substring("edgeship/locks/".length()).length()).isNotEqualTo(BlockId.LENGTH);
        });
    }

    private static final class Unconditional extends ForwardingBucket {
        Unconditional(Bucket inner) {
            super(inner);
        }

        @Override
        public Capabilities capabilities() {
            return new Capabilities(Support.NO, Support.YES, Support.YES);
        }

        @Override
        protected <T> T around(Call call, Work<T> work) throws BucketException {
            return work.on(inner());
        }
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private Acquired ask(String holder) throws IOException {
        return ask(holder, STREAM);
    }

    private Acquired ask(String holder, Map<String, String> stream) throws IOException {
        return locks(holder).acquire(stream, now);
    }

    private StreamLocks locks(String holder) {
        return locks(bucket, holder);
    }

    private StreamLocks locks(Bucket onto, String holder) {
        return new StreamLocks(onto, holder, () -> now.toEpochMilli() * 1_000_000);
    }

    private static StreamLock held(Acquired acquired) {
        assertThat(acquired).isInstanceOf(Acquired.Held.class);
        return ((Acquired.Held) acquired).lock();
    }
}
