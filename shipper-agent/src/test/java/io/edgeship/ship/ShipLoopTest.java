package io.edgeship.ship;

import static io.edgeship.ship.DataDirectory.A;
import static io.edgeship.ship.DataDirectory.AB;
import static io.edgeship.ship.DataDirectory.B;
import static io.edgeship.ship.DataDirectory.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.ForwardingBucket;
import io.edgeship.bucket.RecordingBucket;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.file.FileBucket;
import io.edgeship.queue.Item;
import io.edgeship.queue.Quarantined;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.queue.transport.plain.PlainConfig;
import io.edgeship.queue.transport.plain.PlainTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShipLoopTest {
    /// After the ULIDs of the blocks: they were all there before the agent.
    private static final Instant FIRST_START = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir
    private Path dir;

    private final List<String> events = new ArrayList<>();
    private Instant now = FIRST_START;
    private Path store;
    private DataDirectory data;
    private PrometheusSource source;

    @BeforeEach
    void open() throws IOException {
        store = Files.createDirectories(dir.resolve("bucket"));
        data = DataDirectory.create(dir.resolve("data"));
        source = open(data);
    }

    private static PrometheusSource open(DataDirectory data) throws IOException {
        return PrometheusSource.open(data.source(), "site", "it", InstantSource.fixed(FIRST_START));
    }

    @AfterEach
    void close() throws IOException {
        source.close();
    }

    @Test
    void shipsTheOldestFirstAndTellsHowTheSiteFares() throws IOException {
        scanWith(B, A);
        assertThat(loop(files()).run()).isEqualTo(Rest.ALL_SHIPPED);
        assertThat(events).containsExactly("shipped " + A, "shipped " + B);
        assertThat(heartbeat()).isNotEmptyFile();
    }

    /// Windows and budgets go by it, and a piece is too large a question.
    @Test
    void theStoresTimeIsLearntBeforeAnythingIsSentAlsoFromADenial() throws IOException {
        scanWith(A);
        StoreClock clock = StoreClock.system();
        List<String> calls = new ArrayList<>();
        Bucket denying = new ForwardingBucket(files()) {
            @Override
            protected <T> T around(Call call, Work<T> work) throws BucketException {
                calls.add(call.toString());
                clock.saw(FIRST_START);
                if (call.key().endsWith("/heartbeat.pb") && call.method().equals("head")) {
                    throw new BucketException.AccessDenied(call.toString(), null);
                }
                return work.on(inner());
            }

            @Override
            public StoreClock clock() {
                return clock;
            }
        };
        loop(denying).run();
        assertThat(calls.getFirst()).startsWith("head ").endsWith("/heartbeat.pb");
        assertThat(events).containsExactly("shipped " + A);
    }

    @Test
    void aStoppedSourceShipsNothingAndAnotherGoesOn() throws IOException {
        scanWith(A);
        Files.writeString(data.shipperState(), "{\"version\": 1, \"uploaded\": [\"" + B + "\"]}");
        source.scan();
        DataDirectory other = DataDirectory.create(dir.resolve("other"));
        try (PrometheusSource second = open(other)) {
            other.cut(C);
            second.scan();
            loop(files(), source, second).run();
        }
        assertThat(events).containsExactly("shipped " + C);
    }

    @Test
    void anUnreachableBucketIsWaitedForLongerAndLonger() throws IOException {
        scanWith(A);
        ShipLoop loop = loop(failing(_ -> true, call -> new BucketException.Unavailable(call, null)));
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 40; i++) {
            Rest rest = loop.run();
            assertThat(rest.problem()).isPresent();
            assertThat(rest.pause()).isLessThanOrEqualTo(Duration.ofMinutes(1));
            longest = rest.pause().compareTo(longest) > 0 ? rest.pause() : longest;
        }
        assertThat(longest).isGreaterThan(Duration.ofSeconds(30));
        assertThat(ready()).containsExactly(A);
    }

    @Test
    void deniedAccessIsAskedForRarelyAndNothingIsSetAside() throws IOException {
        scanWith(A);
        ShipLoop loop =
                loop(failing(call -> call.contains("chunks/"), call -> new BucketException.AccessDenied(call, null)));
        for (int i = 0; i < 10; i++) {
            Rest rest = loop.run();
            assertThat(rest.pause()).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(10));
            assertThat(rest.problem().orElseThrow()).startsWith("access denied");
        }
        assertThat(ready()).containsExactly(A);
    }

    @Test
    void whatABucketRefusesThatTakesOthersIsSetAsideAndTheNextGoesOn() throws IOException {
        scanWith(A, B);
        ShipLoop loop = loop(failing(
                call -> call.contains(A + "/chunks/"), call -> new BucketException.Refused(call + ": too odd", null)));
        loop.run();
        loop.run();
        assertThat(ready()).containsExactly(A, B);
        loop.run();
        assertThat(source.spool().quarantined()).extracting(Quarantined::id).containsExactly(A);
        assertThat(source.spool().losses()).singleElement().satisfies(loss -> {
            assertThat(loss.getReason()).isEqualTo(Loss.Reason.REASON_REFUSED);
            assertThat(loss.getDetail()).contains("too odd");
        });
        assertThat(events).endsWith("quarantined " + A, "shipped " + B);
    }

    /// A captive portal answers everything with a page of its own.
    @Test
    void nothingIsSetAsideWhereEverythingIsRefused() throws IOException {
        scanWith(A, B);
        ShipLoop loop = loop(failing(call -> call.startsWith("put") || call.contains("Upload"), call -> {
            return new BucketException.Refused(call, null);
        }));
        for (int i = 0; i < 10; i++) {
            assertThat(loop.run().problem()).isPresent();
        }
        assertThat(ready()).containsExactly(A, B);
        assertThat(source.spool().losses()).isEmpty();
    }

    @Test
    void aStrangersBlockOfThatNameIsLeftAloneAndOursSetAside() throws IOException {
        scanWith(A);
        Path theirs = Files.createDirectories(store.resolve(A.toString())).resolve("meta.json");
        Files.copy(data.block(A).resolve("meta.json"), theirs); // no labels: not ours
        loop(files()).run();
        assertThat(theirs).hasSameBinaryContentAs(data.block(A).resolve("meta.json"));
        assertThat(source.spool().losses()).extracting(Loss::getReason).containsExactly(Loss.Reason.REASON_REFUSED);
    }

    @Test
    void stoppingLetsTheBlockUnderWayGoOnAndBeginsNoOther() throws IOException {
        scanWith(A, B);
        List<ShipLoop> stopped = new ArrayList<>();
        ShipLoop loop = loop(files(), (_, _, _) -> stopped.getFirst().stop(), source);
        stopped.add(loop);
        loop.run();
        assertThat(events).containsExactly("shipped " + A);
        assertThat(ready()).containsExactly(B);
    }

    @Test
    void aBlockJustWrittenSettlesSoThatAMergedOneMayTakeItsPlace() throws IOException {
        scanWith(A, B);
        now = Instant.ofEpochMilli(B.timeMillis()).plusMillis(1);
        ShipLoop loop = loop(files());
        Rest rest = loop.run();
        assertThat(rest.until()).isEqualTo(Rest.Until.SETTLED);
        assertThat(rest.pause()).isLessThanOrEqualTo(Duration.ofMinutes(1));
        assertThat(events).isEmpty();

        data.merge(AB, List.of(A, B), A, B);
        source.scan();
        now = now.plus(Duration.ofMinutes(1));
        assertThat(loop.run()).isEqualTo(Rest.ALL_SHIPPED);
        assertThat(events).containsExactly("shipped " + AB);
    }

    @Test
    void aBlockFromTheFutureIsNotWaitedFor() throws IOException {
        scanWith(A);
        now = Instant.EPOCH;
        loop(files()).run();
        assertThat(events).containsExactly("shipped " + A);
    }

    @Test
    void aMergedBlockWhoseSourcesTheBucketHoldsIsNotSent() throws IOException {
        scanWith(A, B);
        loop(files()).run();
        source.close();
        data = DataDirectory.create(dir.resolve("spool-lost"));
        source = open(data);
        data.write(AB, 2, A, B);
        source.scan();
        RecordingBucket bucket = new RecordingBucket(files());
        loop(bucket).run();
        assertThat(events).endsWith("already there " + AB);
        assertThat(source.spool().shippedRecords())
                .extracting(ShippedRecord::id)
                .containsExactly(AB);
        assertThat(bucket.keysOf("put")).noneMatch(key -> key.contains(AB.toString()));
    }

    @Test
    void aBlockThatIsMergedInTheBucketIsNotSentAndOneThatIsNotIs() throws IOException {
        data.write(AB, 2, A, B);
        source.scan();
        loop(files()).run();
        source.close();
        data = DataDirectory.create(dir.resolve("spool-lost"));
        source = open(data);
        scanWith(A, C);
        loop(files()).run();
        assertThat(events).containsExactly("shipped " + AB, "already there " + A, "shipped " + C);
    }

    @Test
    void aMergedBlockOfOtherLabelsOrCoarserResolutionProvesNothing() throws IOException {
        data.write(AB, 2, A, B);
        source.scan();
        loop(files()).run();
        Path meta = store.resolve(AB.toString()).resolve("meta.json");
        String sealed = Files.readString(meta);
        for (String other : List.of(sealed.replace("\"it\"", "\"elsewhere\""), sealed.replace(": 0\n", ": 300000\n"))) {
            assertThat(other).isNotEqualTo(sealed);
            Files.writeString(meta, other);
            source.close();
            data = DataDirectory.create(Files.createTempDirectory(dir, "spool-lost"));
            source = open(data);
            scanWith(A);
            Path first = store.resolve(A.toString());
            loop(files()).run();
            assertThat(events).endsWith("shipped " + A);
            new DataDirectory(store).remove(A);
            assertThat(first).doesNotExist();
        }
    }

    @Test
    void credentialsThatMayNotLookCostNothingButBytes() throws IOException {
        data.write(AB, 2, A, B);
        source.scan();
        loop(failing(call -> call.startsWith("list"), call -> new BucketException.AccessDenied(call, null)))
                .run();
        assertThat(events).containsExactly("shipped " + AB);
    }

    @Test
    void whatWasCutAfterTheFirstStartIsNeverLookedFor() throws IOException {
        source.close();
        SourceConfig config = new SourceConfig(
                data.dir(), Optional.empty(), new TreeMap<>(), 0, dir.resolve("spool"), new Backfill.All());
        source = PrometheusSource.open(config, "site", "it", InstantSource.fixed(Instant.EPOCH));
        scanWith(A);
        RecordingBucket bucket = new RecordingBucket(files());
        loop(bucket).run();
        assertThat(bucket.keysOf("list")).isEmpty();
        assertThat(events).containsExactly("shipped " + A);
    }

    /// Cuts the link at every single call in turn, before and after it took effect.
    @Test
    void everyBlockArrivesOnceWhereverTheLinkIsCut() throws IOException {
        scanWith(A, B);
        for (FailingBucket.Moment moment : FailingBucket.Moment.values()) {
            int calls = 1;
            for (int call = 1; call <= calls; call++) {
                Path fresh = Files.createDirectories(dir.resolve("cut-" + moment + "-" + call));
                calls = shipWithCut(fresh, call, moment);
            }
            assertThat(calls).isGreaterThan(10);
        }
    }

    private int shipWithCut(Path fresh, int call, FailingBucket.Moment moment) throws IOException {
        DataDirectory there = DataDirectory.create(fresh.resolve("data"));
        there.cut(A, B);
        store = Files.createDirectories(fresh.resolve("bucket"));
        events.clear();
        try (PrometheusSource one = open(there)) {
            one.scan();
            FailingBucket cut = FailingBucket.onCall(files(), call, moment);
            ShipLoop loop = loop(cut, one);
            loop.run();
            loop.run();
            assertThat(loop.run()).as("cut at call %d, %s", call, moment).isEqualTo(Rest.ALL_SHIPPED);
            assertThat(events.stream().filter(event -> !event.startsWith("failed")))
                    .as("cut at call %d, %s", call, moment)
                    .hasSize(2);
            for (BlockId id : List.of(A, B)) {
                for (String file : List.of("chunks/000001", "index")) {
                    assertThat(store.resolve(id.toString()).resolve(file))
                            .hasSameBinaryContentAs(there.block(id).resolve(file));
                }
            }
            return cut.calls();
        }
    }

    private Bucket files() throws BucketException {
        return FileBucket.open(store, "");
    }

    private Bucket failing(Predicate<String> calls, Function<String, BucketException> failure) throws BucketException {
        return FailingBucket.when(files(), calls, FailingBucket.Moment.BEFORE, failure);
    }

    private ShipLoop loop(Bucket bucket) {
        return loop(bucket, source);
    }

    private ShipLoop loop(Bucket bucket, PrometheusSource... sources) {
        return loop(bucket, UploadProgress.NONE, sources);
    }

    private ShipLoop loop(Bucket bucket, UploadProgress progress, PrometheusSource... sources) {
        Confirmations confirmations = new Confirmations(progress);
        List<Lane> lanes = new ArrayList<>();
        for (PrometheusSource one : sources) {
            lanes.add(new Lane(
                    one,
                    new PlainTransport(
                            bucket, PlainConfig.DEFAULT, PlainConfig.DEFAULT.sizing(() -> 0), () -> 0, confirmations),
                    true));
        }
        return new ShipLoop(
                lanes,
                new ShipLoop.Tools(
                        bucket,
                        LinkUse.FREE,
                        ShippingOrder.OLDEST_FIRST,
                        new HeardEvents(events),
                        new SiteReports("it", bucket),
                        confirmations,
                        () -> now,
                        new Random(1)));
    }

    private Path heartbeat() {
        return store.resolve("edgeship/sites/it/" + source.spool().incarnation() + "/heartbeat.pb");
    }

    private List<BlockId> ready() throws IOException {
        return source.spool().ready().stream().map(Item::id).toList();
    }

    private void scanWith(BlockId... blocks) throws IOException {
        data.cut(blocks);
        source.scan();
    }
}
