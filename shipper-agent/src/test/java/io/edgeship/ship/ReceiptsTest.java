package io.edgeship.ship;

import static io.edgeship.ship.DataDirectory.A;
import static io.edgeship.ship.DataDirectory.B;
import static io.edgeship.ship.DataDirectory.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.file.FileBucket;
import io.edgeship.queue.Item;
import io.edgeship.queue.Place;
import io.edgeship.queue.Quarantined;
import io.edgeship.queue.transport.Transport.Answer;
import io.edgeship.queue.transport.UploadProgress;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the ship loop makes of the centre's answers.
class ReceiptsTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir
    private Path dir;

    private final ScriptedTransport transport = new ScriptedTransport();
    private final List<String> events = new ArrayList<>();
    private DataDirectory data;
    private PrometheusSource source;
    private ShipLoop loop;

    @BeforeEach
    void open() throws IOException {
        data = DataDirectory.create(dir.resolve("data"));
        source = PrometheusSource.open(data.source(), "site", "it", InstantSource.fixed(NOW));
        Bucket bucket = FileBucket.open(Files.createDirectories(dir.resolve("bucket")), "");
        bucket.head("nothing"); // tells the time
        loop = new ShipLoop(
                List.of(new Lane(source, transport, false)),
                new ShipLoop.Tools(
                        bucket,
                        LinkUse.FREE,
                        ShippingOrder.OLDEST_FIRST,
                        new HeardEvents(events),
                        new SiteReports("it", bucket),
                        new Confirmations(UploadProgress.NONE),
                        () -> NOW,
                        new Random(1)));
    }

    @AfterEach
    void close() throws IOException {
        source.close();
    }

    @Test
    void whatWasSentWholeWaitsInTheSpoolForItsReceiptAndIsNotSentAgain() throws IOException {
        scanWith(A, B);
        Rest rest = loop.run();
        assertThat(rest.until()).isEqualTo(Rest.Until.ANSWERED);
        assertThat(rest.pause()).isPositive();
        assertThat(rest.problem()).isEmpty();
        assertThat(loop.awaited()).isEqualTo(2);
        loop.run();
        assertThat(transport.sent).containsExactly(A, B);
        assertThat(ready()).containsExactly(A, B);
        assertThat(events).containsExactly("delivered " + A, "delivered " + B);
    }

    @Test
    void anAcceptedItemIsShipped() throws IOException {
        scanWith(A, B);
        loop.run();
        transport.answers.put(A, new Answer.Accepted());
        loop.expectReceipts();
        assertThat(loop.run().until()).isEqualTo(Rest.Until.ANSWERED);
        assertThat(source.spool().find(A)).contains(Place.SHIPPED);
        assertThat(source.spool().find(B)).contains(Place.READY);
        assertThat(events).endsWith("shipped " + A);
    }

    @Test
    void aRejectedItemIsSetAsideWithItsBytesAndTheReason() throws IOException {
        scanWith(A);
        transport.answers.put(A, new Answer.Rejected("label site is other"));
        loop.run();
        assertThat(source.spool().quarantined()).extracting(Quarantined::id).containsExactly(A);
        assertThat(source.spool().losses()).singleElement().satisfies(loss -> {
            assertThat(loss.getReason()).isEqualTo(Loss.Reason.REASON_REFUSED);
            assertThat(loss.getDetail()).isEqualTo("label site is other");
        });
        assertThat(source.spool().quarantined().getFirst().dir().resolve("index"))
                .isNotEmptyFile();
    }

    @Test
    void missingPiecesAreSentAgain() throws IOException {
        scanWith(A);
        transport.answers.put(A, new Answer.Missing(3, 300));
        Rest rest = loop.run();
        assertThat(rest.until()).as("a run with an end is not over").isEqualTo(Rest.Until.SETTLED);
        assertThat(rest.pause()).isZero();
        assertThat(loop.awaited()).isZero();
        transport.answers.put(A, new Answer.Accepted());
        loop.run();
        assertThat(transport.sent).containsExactly(A, A);
        loop.expectReceipts();
        assertThat(loop.run()).isEqualTo(Rest.ALL_SHIPPED);
        assertThat(source.spool().find(A)).contains(Place.SHIPPED);
    }

    @Test
    void anAgentThatIsTooNewWaits() throws IOException {
        scanWith(A);
        transport.answers.put(A, new Answer.TooNew("version 9"));
        for (int round = 0; round < 3; round++) {
            loop.expectReceipts();
            assertThat(loop.run().until()).isEqualTo(Rest.Until.ANSWERED);
        }
        assertThat(ready()).containsExactly(A);
    }

    @Test
    void theLongerThereIsNoNewsTheRarerItIsAsked() throws IOException {
        scanWith(A);
        loop.run();
        int asked = transport.polled.size();
        Duration pause = loop.run().pause();
        assertThat(transport.polled).as("asked again before it was due").hasSize(asked);
        assertThat(pause).isBetween(Duration.ofSeconds(5), Duration.ofMinutes(15));
    }

    /// One that the centre cannot settle must not hide the answers of the others.
    @Test
    void everyItemIsAskedAboutInTurn() throws IOException {
        List<BlockId> many = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            many.add(new BlockId((A.timeMillis() + i) << 16, (long) i << 5)); // each of a window of its own
        }
        scanWith(many.toArray(BlockId[]::new));
        loop.run();
        transport.answers.put(many.getLast(), new Answer.Accepted());
        for (int round = 0; round < 5; round++) {
            loop.expectReceipts();
            loop.run();
        }
        assertThat(source.spool().find(many.getLast())).contains(Place.SHIPPED);
        assertThat(loop.awaited()).isEqualTo(29);
    }

    @Test
    void aCutWhileAskingIsWaitedOut() throws IOException {
        scanWith(A);
        loop.run();
        transport.failure = Optional.of(new BucketException.Unavailable("cut", null));
        loop.expectReceipts();
        Rest rest = loop.run();
        assertThat(rest.until()).isEqualTo(Rest.Until.LINK_UP);
        assertThat(rest.problem()).contains("cut");
        assertThat(ready()).containsExactly(A);
    }

    @Test
    void whatIsHeldBackIsNoProblemOfTheBlocks() throws IOException {
        scanWith(C);
        transport.failure = Optional.of(new BucketException.HeldBack("no window is open"));
        Rest rest = loop.run();
        assertThat(rest.until()).isEqualTo(Rest.Until.OPEN);
        assertThat(events).isEmpty();
    }

    private void scanWith(BlockId... blocks) throws IOException {
        data.cut(blocks);
        source.scan();
    }

    private List<BlockId> ready() throws IOException {
        return source.spool().ready().stream().map(Item::id).toList();
    }
}
