package io.edgeship.ship;

import static io.edgeship.ship.DataDirectory.A;
import static io.edgeship.ship.DataDirectory.AB;
import static io.edgeship.ship.DataDirectory.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.testing.TestTombstones;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.tombstones.Tombstone;
import io.edgeship.bucket.StoreClock;
import io.edgeship.queue.Item;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Blocks that a site's clock dated into the future.
class FutureGuardTest {
    /// Ten years after the blocks of [DataDirectory].
    private static final BlockId LATE_ULID = BlockId.parse("04M83GSE5DPDK87AWYMSGXDHC0");

    @TempDir
    private Path dir;

    private final AtomicLong nanos = new AtomicLong();
    private final StoreClock clock = new StoreClock(InstantSource.fixed(Instant.EPOCH), nanos::get, Instant.EPOCH);
    private DataDirectory data;
    private PrometheusSource source;

    @BeforeEach
    void open() throws IOException {
        data = DataDirectory.create(dir);
        source = PrometheusSource.open(data.source(), "site", "it", InstantSource.fixed(Instant.EPOCH));
    }

    @AfterEach
    void close() throws IOException {
        source.close();
    }

    private void policy(FutureSamples.Policy policy) {
        source.noticeFuture(new FutureSamples(policy, Duration.ofMinutes(10)), clock);
    }

    private static Instant written(BlockId id) {
        return Instant.ofEpochMilli(id.timeMillis());
    }

    private long scanned() throws IOException {
        source.scan();
        return source.spool().ready().size();
    }

    @Test
    void aBlockOfTheFutureIsShippedWithANoteAndCounted() throws IOException {
        policy(FutureSamples.Policy.REPORT);
        clock.saw(written(A).minus(Duration.ofDays(400)));
        data.cut(A);

        assertThat(scanned()).isEqualTo(1);
        assertThat(source.futureBlocks()).isEqualTo(1);
        Item item = source.spool().ready().getFirst();
        String meta = new String(item.meta().toJson(), StandardCharsets.UTF_8);
        assertThat(meta).contains("edgeship_clock", "ahead_ms", "skew_ms");
        assertThat(Objects.requireNonNull(item.meta().thanos()).labels()).containsEntry("site", "it");
        nanos.addAndGet(Duration.ofDays(401).toNanos());
        assertThat(source.futureBlocks()).as("its time has come").isZero();
    }

    @Test
    void aBlockOfTheFutureIsHeldUntilItsTimeHasCome() throws IOException {
        policy(FutureSamples.Policy.HOLD);
        clock.saw(written(A).minus(Duration.ofDays(2)));
        data.cut(A);

        assertThat(scanned()).isZero();
        assertThat(source.held().get(A)).contains("in the future", "queue retry " + A + " --force");
        assertThat(source.futureBlocks()).isEqualTo(1);
        nanos.addAndGet(Duration.ofDays(30).toNanos());
        assertThat(scanned()).isEqualTo(1);
        assertThat(source.held()).isEmpty();
        assertThat(source.futureBlocks()).isZero();
    }

    @Test
    void orUntilAPersonShipsItAndNoOther() throws IOException {
        policy(FutureSamples.Policy.HOLD);
        clock.saw(written(A).minus(Duration.ofDays(400)));
        data.cut(A, B);
        assertThat(scanned()).isZero();

        PrometheusSource.allowFuture(source.spool(), A);

        assertThat(scanned()).isEqualTo(1);
        assertThat(source.spool().ready()).extracting(Item::id).containsExactly(A);
        assertThat(source.held()).containsOnlyKeys(B);
        PrometheusSource.allowFuture(source.spool(), B);
        assertThat(scanned()).isEqualTo(2);
    }

    @Test
    void whatAPersonShipsMayBeWrittenAnewBeforeIt() throws IOException {
        policy(FutureSamples.Policy.HOLD);
        clock.saw(written(A).minus(Duration.ofDays(400)));
        data.write(AB, 2, A, B);
        long minTime = DataDirectory.windowOf(A).minTime();
        TestTombstones.write(data.block(AB), List.of(new Tombstone(firstSeries(AB), minTime, minTime + 99_000)));
        assertThat(scanned()).isZero();

        PrometheusSource.allowFuture(source.spool(), AB);

        assertThat(scanned()).isEqualTo(1);
        assertThat(source.held()).isEmpty();
        assertThat(source.spool().ready().getFirst().id()).isNotEqualTo(AB);
    }

    private long firstSeries(BlockId id) throws IOException {
        try (BlockReader reader = BlockReader.open(BlockFiles.of(data.block(id)))) {
            return Objects.requireNonNull(reader.cursor().next()).ref();
        }
    }

    @Test
    void theUlidsTimeCountsToo() throws IOException {
        policy(FutureSamples.Policy.HOLD);
        clock.saw(written(A).plus(Duration.ofDays(300)));
        data.cut(A, LATE_ULID);
        assertThat(scanned()).isEqualTo(1);
        assertThat(source.held()).containsOnlyKeys(LATE_ULID);
    }

    @Test
    void aFewMinutesAreTolerated() throws IOException {
        policy(FutureSamples.Policy.HOLD);
        data.cut(A);
        source.scan(); // sealed before anybody knows the time
        data.cut(B);
        Instant latest = Instant.ofEpochMilli(Math.max(
                B.timeMillis(), source.spool().ready().getFirst().range().maxTime()));
        clock.saw(latest.minus(Duration.ofMinutes(9)));
        assertThat(scanned()).isEqualTo(2);
        assertThat(source.futureBlocks()).isZero();
    }

    @Test
    void whileTheTimeIsNotKnownNothingIsOfTheFuture() throws IOException {
        policy(FutureSamples.Policy.HOLD);
        data.cut(A, LATE_ULID);
        assertThat(scanned()).isEqualTo(2);
        assertThat(source.futureBlocks()).isZero();
    }
}
