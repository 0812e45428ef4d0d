package io.edgeship.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.demo.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init") // opened before each test
class LinkFaultsTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long SEED = 20261125;

    private SinkServer server;
    private ChaosProxy proxy;

    @BeforeEach
    void open() throws IOException {
        server = new SinkServer();
        proxy = ChaosProxy.to(server.port(), Faults.seeded(SEED));
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void everyByteOfAGoodLinkIsPassedOnAndCounted() throws Exception {
        try (Socket client = connect()) {
            client.getOutputStream().write(new byte[123_000]);
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).hasSize(123);
        }
        assertThat(server.bytes()).isEqualTo(123_000);
        assertThat(proxy.counts()).isEqualTo(new Counts(123_000, 123, 1, 0, 0, 0, 0));
    }

    @Test
    void cutsComeAfterExponentiallyDistributedLengthsThatTheSeedRepeats() throws Exception {
        List<Long> first = lengthsBetweenCuts(1000, 400);
        double mean = first.stream().mapToLong(Long::longValue).average().orElseThrow();
        double shareBelowMean = first.stream().filter(length -> length < 1000).count() / 400.0;
        assertThat(mean).as("seed %d: mean of %s", SEED, first).isBetween(850.0, 1150.0);
        assertThat(shareBelowMean).as("seed %d: share below the mean", SEED).isBetween(0.56, 0.70);
        assertThat(lengthsBetweenCuts(1000, 400)).as("seed %d, again", SEED).isEqualTo(first);
    }

    /// As the link itself draws them: a kernel's buffers would add nothing but time.
    private static List<Long> lengthsBetweenCuts(long meanBytes, int cuts) throws IOException {
        List<Long> lengths = new ArrayList<>();
        Link link = new Link(() -> {});
        link.change(Faults.seeded(SEED).with(new Fault.Cuts(meanBytes)));
        long passed = 0;
        while (lengths.size() < cuts) {
            long before = link.cuts();
            int allowed = link.allowance();
            if (link.cuts() > before) {
                lengths.add(passed);
                passed = 0;
            }
            link.up(allowed);
            passed += allowed;
        }
        return lengths;
    }

    @Test
    void aCutResetsEveryConnectionAfterExactlySoManyBytes() throws Exception {
        proxy.change(Faults.seeded(SEED).with(new Fault.Cuts(20_000)));
        try (Socket idle = connect();
                Socket busy = connect()) {
            send(idle, 10);
            Deadline.in(LIMIT).await("the idle one's bytes", () -> server.bytes() == 10);
            assertThatThrownBy(() -> sendUntilItBreaks(busy)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> idle.getInputStream().read()).isInstanceOf(IOException.class);
        }
        assertThat(proxy.counts().cuts()).isEqualTo(1);
        assertThat(proxy.sentBytes()).isEqualTo(lengthsBetweenCuts(20_000, 1).getFirst());
    }

    @Test
    void aThrottleHoldsForAllConnectionsTogether() throws Exception {
        proxy.change(Faults.seeded(SEED).with(new Fault.Throttle(200_000)));
        long begun = System.nanoTime();
        try (Socket one = connect();
                Socket other = connect()) {
            for (Socket socket : List.of(one, other)) {
                socket.getOutputStream().write(new byte[50_000]);
                socket.shutdownOutput();
            }
            assertThat(one.getInputStream().readAllBytes()).hasSize(50);
            assertThat(other.getInputStream().readAllBytes()).hasSize(50);
        }
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun)).isBetween(450L, 3_000L);
    }

    @Test
    void anAnswerTakesARoundTrip() throws Exception {
        proxy.change(Faults.seeded(SEED).with(new Fault.RoundTrip(Duration.ofMillis(120))));
        long begun = System.nanoTime();
        try (Socket client = connect()) {
            askAndAwaitAnswer(client);
            askAndAwaitAnswer(client);
        }
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun)).isBetween(350L, 3_000L);
    }

    @Test
    void aLinkThatRefusesResetsWhatIsOpenAndWhatComes() throws Exception {
        try (Socket before = connect()) {
            askAndAwaitAnswer(before);
            proxy.goDown(Outage.REFUSES);
            assertThatThrownBy(() -> sendUntilItBreaks(before)).isInstanceOf(IOException.class);
            assertThatThrownBy(this::ask).isInstanceOf(IOException.class);
        }
        proxy.recover();
        ask();
    }

    @Test
    void aSilentLinkLetsNothingThroughAndLosesNothing() throws Exception {
        try (Socket client = connect()) {
            askAndAwaitAnswer(client);
            long before = server.bytes();
            proxy.goDown(Outage.SILENT);
            send(client, SinkServer.BYTES_PER_ANSWER);
            assertNoAnswer(client);
            assertThat(server.bytes()).isEqualTo(before);
            proxy.recover();
            assertThat(client.getInputStream().read()).isZero();
        }
    }

    @Test
    void aLinkThatSwallowsTakesAllAndResetsInTheEnd() throws Exception {
        try (Socket client = connect()) {
            askAndAwaitAnswer(client);
            proxy.goDown(Outage.SWALLOWS);
            long sentBefore = proxy.sentBytes();
            send(client, SinkServer.BYTES_PER_ANSWER);
            assertNoAnswer(client);
            assertThat(server.bytes()).isEqualTo(SinkServer.BYTES_PER_ANSWER);
            assertThat(proxy.sentBytes() - sentBefore).isEqualTo(SinkServer.BYTES_PER_ANSWER);
            proxy.recover();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
        }
        ask();
    }

    @Test
    void aScheduleTakesTheLinkDownAndUpAgain() throws Exception {
        proxy.change(Faults.seeded(SEED)
                .with(new Fault.Schedule(Duration.ofMillis(150), Duration.ofMillis(150), Outage.REFUSES)));
        for (boolean expected : new boolean[] {true, false, true, false}) {
            Deadline.in(LIMIT).await("the link to be up: " + expected, () -> answers() == expected);
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    }

    private static void send(Socket client, int bytes) throws IOException {
        client.getOutputStream().write(new byte[bytes]);
    }

    private void ask() throws IOException {
        try (Socket client = connect()) {
            askAndAwaitAnswer(client);
        }
    }

    private boolean answers() {
        try {
            ask();
            return true;
        } catch (IOException e) {
            return false; // down: that is the answer
        }
    }

    private static void askAndAwaitAnswer(Socket client) throws IOException {
        client.setSoTimeout((int) LIMIT.toMillis());
        send(client, SinkServer.BYTES_PER_ANSWER);
        InputStream in = client.getInputStream();
        if (in.read() != 0) {
            throw new IOException("the connection ended");
        }
    }

    private static void assertNoAnswer(Socket client) throws IOException {
        client.setSoTimeout(150);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        client.setSoTimeout((int) LIMIT.toMillis());
    }

    private static void sendUntilItBreaks(Socket client) throws IOException {
        for (int i = 0; i < 100_000; i++) {
            send(client, 1000);
        }
    }
}
