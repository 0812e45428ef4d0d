package io.edgeship.compact.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.memory.MemoryBucket;
import io.edgeship.compact.lock.StreamLock.Hold;
import io.edgeship.compact.mark.DeletionReason;
import io.edgeship.compact.mark.Marks;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Two compactors that were started on one bucket by mistake, each request of theirs in random order, while a site
/// goes on shipping. After every request each sample is in a block that is there and not to be deleted.
class TwoCompactorsTest {
    private static final int SEEDS = 80;
    private static final int CYCLES = 4;
    private static final Map<String, String> STREAM = Map.of("site", "a");
    private static final Body SOMETHING = Body.of(new byte[] {1});

    private Instant now = Instant.parse("2026-11-20T00:00:00Z");
    private MemoryBucket bucket = new MemoryBucket(() -> now);
    private BucketSync watch = new BucketSync(bucket);
    private Set<BlockId> shipped = new HashSet<>();
    private int holders;

    /// As long as nobody sleeps longer than a lease, no two blocks with the same samples stay.
    @Test
    void workersThatAreAwakeNeverLeaveTwoBlocksOfTheSameSamples() throws Exception {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Random random = begin(seed);
            Turns turns = new Turns();
            turns.start(bucket, this::compactor);
            turns.start(bucket, this::compactor);
            while (!turns.running().isEmpty()) {
                List<Turns.Program> running = turns.running();
                running.get(random.nextInt(running.size())).step();
                now = now.plusMillis(random.nextInt(3000));
                maybeShip(random);
                nothingIsLost(seed);
            }
            noSamplesAreTwice(seed);
        }
    }

    /// Pauses longer than a lease at any place, and kills; a last cycle of one that runs alone leaves all in order.
    @Test
    void sleepersAndKilledOnesLoseNothing() throws Exception {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Random random = begin(seed);
            Turns turns = new Turns();
            int starts = 4;
            while (starts > 0 || !turns.running().isEmpty()) {
                if (starts > 0 && turns.running().size() < 2) {
                    turns.start(bucket, this::compactor);
                    starts--;
                }
                List<Turns.Program> running = turns.running();
                Turns.Program next = running.get(random.nextInt(running.size()));
                if (random.nextInt(60) == 0) {
                    next.kill();
                } else {
                    next.step();
                }
                boolean sleeps = random.nextInt(12) == 0;
                now = now.plusMillis(sleeps ? random.nextLong(1_500_000) : random.nextInt(3000));
                maybeShip(random);
                nothingIsLost(seed);
            }
            now = now.plus(StreamLocks.LEASE).plusSeconds(1);
            compactor(bucket);
            nothingIsLost(seed);
            noSamplesAreTwice(seed);
        }
    }

    private Random begin(long seed) throws BucketException {
        bucket = new MemoryBucket(() -> now);
        watch = new BucketSync(bucket);
        shipped = new HashSet<>();
        Random random = new Random(seed);
        for (int i = 0; i < 3; i++) {
            ship();
        }
        return random;
    }

    private void maybeShip(Random random) throws BucketException {
        if (shipped.size() < 8 && random.nextInt(20) == 0) {
            ship();
        }
    }

    private void ship() throws BucketException {
        BlockId id = new BlockId(1L << 40, shipped.size());
        put(bucket, id, List.of(id));
        shipped.add(id);
    }

    private static void put(Bucket onto, BlockId id, List<BlockId> sources) throws BucketException {
        onto.put(BucketLayout.key(id, "index"), SOMETHING);
        onto.put(BucketLayout.key(id, "chunks/000001"), SOMETHING);
        onto.putIfAbsent(BucketLayout.metaKey(id), meta(id, sources));
    }

    private static Body meta(BlockId id, List<BlockId> sources) {
        BlockMeta meta = BlockMeta.of(id, new TimeRange(0, 1), new BlockMeta.Stats(1, 1, 0, 1, 1, 0))
                .withCompaction(new BlockMeta.Compaction(1, sources, false, List.of(), false, List.of()))
                .withThanos(ThanosMeta.of(STREAM, "compactor", List.of("000001"), List.of()));
        return Body.of(meta.toJson());
    }

    /// Some cycles: list, drop what is outdated, merge the rest into one block, mark what it was made of.
    private void compactor(Bucket onto) throws IOException {
        StreamLocks locks = new StreamLocks(onto, "compactor " + holders++, () -> now.toEpochMilli() * 1_000_000);
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            Instant listedAt = now;
            BucketView view = new BucketSync(onto).sync();
            if (locks.acquire(STREAM, listedAt) instanceof Acquired.Held(StreamLock lock)) {
                work(onto, lock, view);
                lock.release();
            }
        }
    }

    private static void work(Bucket onto, StreamLock lock, BucketView view) throws IOException {
        List<BucketBlock> live = view.blocks().stream()
                .filter(block -> block.deletionMark() == null)
                .toList();
        List<BucketBlock> outdated = live.stream()
                .filter(block -> live.stream().anyMatch(other -> replaces(other, block)))
                .toList();
        if (!mark(onto, lock, outdated, new DeletionReason.Outdated())) {
            return;
        }
        List<BucketBlock> sources =
                live.stream().filter(block -> !outdated.contains(block)).toList();
        if (sources.size() < 2) {
            return;
        }
        TreeSet<BlockId> lineage = new TreeSet<>();
        sources.forEach(block -> lineage.addAll(sourcesOf(block)));
        BlockId id = new BlockId(2L << 40, lineage.hashCode()); // same in, same out (I4)
        onto.put(BucketLayout.key(id, "index"), SOMETHING);
        onto.put(BucketLayout.key(id, "chunks/000001"), SOMETHING);
        if (lock.renew() == Hold.LOST) {
            return;
        }
        onto.putIfAbsent(BucketLayout.metaKey(id), meta(id, List.copyOf(lineage)));
        mark(onto, lock, sources, new DeletionReason.Compacted());
    }

    private static boolean replaces(BucketBlock other, BucketBlock block) {
        return !other.equals(block)
                && sourcesOf(other).size() > sourcesOf(block).size()
                && sourcesOf(other).containsAll(sourcesOf(block));
    }

    private static boolean mark(Bucket onto, StreamLock lock, List<BucketBlock> blocks, DeletionReason why)
            throws IOException {
        for (BucketBlock block : blocks) {
            if (lock.assure() == Hold.LOST) {
                return false;
            }
            new Marks(onto).delete(block.meta().id(), why);
        }
        return true;
    }

    private static Set<BlockId> sourcesOf(BucketBlock block) {
        return Set.copyOf(block.meta().compaction().sources());
    }

    private List<BucketBlock> visible() throws IOException {
        return watch.sync().blocks().stream()
                .filter(block -> block.deletionMark() == null)
                .toList();
    }

    private void nothingIsLost(long seed) throws IOException {
        Set<BlockId> held = new HashSet<>();
        List<BucketBlock> visible = visible();
        visible.forEach(block -> held.addAll(sourcesOf(block)));
        assertThat(held).as("seed %d", seed).isEqualTo(shipped);
        for (BucketBlock one : visible) {
            for (BucketBlock other : visible) {
                Set<BlockId> both = new HashSet<>(sourcesOf(one));
                both.retainAll(sourcesOf(other));
                boolean nested = sourcesOf(one).containsAll(sourcesOf(other))
                        || sourcesOf(other).containsAll(sourcesOf(one));
                assertThat(both.isEmpty() || nested)
                        .as("seed %d: readers take the larger of %s and %s", seed, one, other)
                        .isTrue();
            }
        }
    }

    private void noSamplesAreTwice(long seed) throws IOException {
        Set<BlockId> held = new HashSet<>();
        for (BucketBlock block : visible()) {
            for (BlockId source : sourcesOf(block)) {
                assertThat(held.add(source))
                        .as("seed %d: %s twice", seed, source)
                        .isTrue();
            }
        }
    }

    /// The test above would see it: nobody is kept from anything.
    @Test
    void withoutLocksSamplesAreTwiceForSomeOrder() throws Exception {
        int twice = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Random random = begin(seed);
            Turns turns = new Turns();
            for (int i = 0; i < 2; i++) {
                turns.start(bucket, onto -> {
                    BucketView view = new BucketSync(onto).sync();
                    work(onto, StreamLock.unguarded(onto, "key", "stream", "nobody"), view);
                });
            }
            while (!turns.running().isEmpty()) {
                List<Turns.Program> running = turns.running();
                running.get(random.nextInt(running.size())).step();
                maybeShip(random);
            }
            long held = visible().stream()
                    .mapToLong(block -> sourcesOf(block).size())
                    .sum();
            twice += held > shipped.size() ? 1 : 0;
        }
        assertThat(twice).isPositive();
    }
}
