package io.edgeship.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ForwardingBucket;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several objects are asked for at once, and nothing else is different for it.
@Timeout(60)
class BucketSyncAheadTest {
    private final BucketMemory bucket = new BucketMemory();

    @Test
    void theViewIsThatOfOneRequestAfterTheOther() throws IOException {
        for (long seed = 1; seed <= 30; seed++) {
            bucket.clear();
            fill(new Random(seed), 90);

            BucketView one = new BucketSync(bucket.open()).sync();
            BucketView several = BucketSync.cachedIn(null, bucket.open()).sync();

            assertThat(several).as("seed %d", seed).isEqualTo(one);
            assertThat(several.blocks().size()).as("seed %d", seed).isGreaterThan(20);
        }
    }

    @Test
    void objectsAreReadSideBySideButNotAllOfThem() throws IOException {
        fill(new Random(7), 200);
        Counted counted = new Counted(bucket.open());

        BucketSync.cachedIn(null, counted).sync();

        assertThat(counted.most.get()).isBetween(2, 20);
    }

    @Test
    void whatIsKnownIsNotAskedForAgain() throws IOException {
        fill(new Random(8), 60);
        Counted counted = new Counted(bucket.open());
        BucketSync sync = BucketSync.cachedIn(null, counted);
        BucketView first = sync.sync();
        int asked = counted.all.get();

        BucketView again = sync.sync();

        assertThat(again.blocks()).isEqualTo(first.blocks());
        assertThat(counted.all.get() - asked).isEqualTo((int) first.partial().stream()
                .filter(block -> block.state() == PartialBlock.State.TORN)
                .count());
    }

    @Test
    void aStoreThatIsDownEndsThePass() throws IOException {
        fill(new Random(9), 200);
        Bucket down = new ForwardingBucket(bucket.open()) {
            @Override
            protected <T> T around(Call call, Work<T> work) throws BucketException {
                if (call.method().equals("get")) {
                    throw new BucketException.Unavailable(call + ": no route", null);
                }
                return work.on(inner());
            }
        };

        assertThatThrownBy(() -> BucketSync.cachedIn(null, down).sync())
                .isInstanceOf(BucketException.Unavailable.class);
    }

    /// Blocks as they should be, cut ones, ones without a meta.json, with a mark, and heartbeats.
    private void fill(Random random, int blocks) throws IOException {
        List<BlockId> ids = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            BlockId id = BlockId.parse("01M83GR348%016d".formatted(i));
            ids.add(id);
            String meta = BucketFolder.meta(id, i, i + 1L, "a");
            int kind = random.nextInt(10);
            if (kind > 1) {
                bucket.put(id + "/meta.json", meta.getBytes(UTF_8), Duration.ZERO);
            } else if (kind == 1) {
                bucket.put(id + "/meta.json", meta.substring(0, 40).getBytes(UTF_8), Duration.ZERO);
            }
            if (kind == 0 || random.nextInt(3) == 0) {
                bucket.put(id + "/index", new byte[10], Duration.ZERO);
            }
            if (kind > 1 && random.nextInt(3) == 0) {
                String mark = BucketFolder.mark(id, Instant.ofEpochSecond(1_700_000_000L + i));
                bucket.put(id + "/deletion-mark.json", mark.getBytes(UTF_8), Duration.ZERO);
            }
        }
        for (int site = 0; site < 30; site++) {
            byte[] heartbeat =
                    BucketFolder.heartbeat("s" + site, ids.getFirst()).build().toByteArray();
            bucket.put("edgeship/sites/s" + site + "/cafe/heartbeat.pb", heartbeat, Duration.ZERO);
        }
    }

    /// Holds a read until another has begun, or a moment has passed.
    private static final class Counted extends ForwardingBucket {
        private final AtomicInteger all = new AtomicInteger();
        private final AtomicInteger under = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final Semaphore second = new Semaphore(0);

        Counted(Bucket inner) {
            super(inner);
        }

        @Override
        protected <T> T around(Call call, Work<T> work) throws BucketException {
            if (!call.method().equals("get")) {
                return work.on(inner());
            }
            all.incrementAndGet();
            int now = under.incrementAndGet();
            most.accumulateAndGet(now, Math::max);
            try {
                if (most.get() > 1) {
                    second.release();
                }
                if (!second.tryAcquire(10, TimeUnit.SECONDS)) {
                    throw new BucketException.Unavailable("nobody else reads", null);
                }
                second.release();
                return work.on(inner());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BucketException.Unavailable("interrupted", e);
            } finally {
                under.decrementAndGet();
            }
        }
    }
}
