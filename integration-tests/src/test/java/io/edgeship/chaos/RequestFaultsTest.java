package io.edgeship.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.demo.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init") // opened before each test
class RequestFaultsTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Faults GOOD = Faults.seeded(20261125);

    private KeepingServer server;
    private ChaosProxy proxy;

    @BeforeEach
    void open() throws IOException {
        server = new KeepingServer();
        proxy = ChaosProxy.to(server.port(), GOOD);
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void theNthRequestIsAnsweredByTheProxyAndTheOthersByTheServer() throws Exception {
        proxy.change(GOOD.with(Fault.Answer.slowDown(Which.number(2))));
        try (RawClient client = new RawClient(proxy.port())) {
            assertThat(client.send("PUT", "/a", "one")).isEqualTo("200 PUT /a one");
            assertThat(client.send("PUT", "/a", "two")).startsWith("503 ").contains("<Code>SlowDown</Code>");
            assertThat(client.send("PUT", "/a", "three")).isEqualTo("200 PUT /a three");
        }
        assertThat(server.requests()).containsExactly("PUT /a one", "PUT /a three");
        assertThat(proxy.counts().requests()).isEqualTo(3);
        assertThat(proxy.counts().faulty()).isEqualTo(1);
    }

    @Test
    void methodAndPathChooseWhatIsBefallen() throws Exception {
        proxy.change(
                GOOD.with(Fault.Answer.internalError(Which.all().method("PUT").path("/inbox/"))));
        try (RawClient client = new RawClient(proxy.port())) {
            assertThat(client.send("PUT", "/b/inbox/1", "x")).startsWith("500 ").contains("InternalError");
            assertThat(client.send("PUT", "/b/sites/1", "x")).startsWith("200 ");
            assertThat(client.send("GET", "/b/inbox/1", "")).startsWith("200 ");
        }
    }

    @Test
    void shareIsTheShareOfRequests() throws Exception {
        proxy.change(GOOD.with(Fault.Answer.slowDown(Which.share(0.3))));
        int refused = 0;
        try (RawClient client = new RawClient(proxy.port())) {
            for (int i = 0; i < 100; i++) {
                refused += client.send("PUT", "/a", "x").startsWith("503") ? 1 : 0;
            }
        }
        assertThat(refused).as(proxy.toString()).isBetween(15, 50);
    }

    @Test
    void whoWaitsForContinueIsAnsweredBeforeTheBody() throws Exception {
        proxy.change(GOOD.with(Fault.Answer.slowDown(Which.number(1))));
        try (RawClient client = new RawClient(proxy.port())) {
            assertThat(client.send("PUT", "/a", "", "Expect: 100-continue")).startsWith("503 ");
        }
        try (RawClient client = new RawClient(proxy.port())) {
            assertThat(client.send("PUT", "/a", "two", "Expect: 100-continue")).isEqualTo("200 PUT /a two");
        }
    }

    @Test
    void aDroppedReplyLeavesItsEffect() throws Exception {
        proxy.change(GOOD.with(new Fault.DroppedReply(Which.number(1))));
        assertThatThrownBy(() -> send("one")).isInstanceOf(IOException.class);
        assertThat(server.requests()).containsExactly("PUT /a one");
        assertThat(send("two")).isEqualTo("200 PUT /a two");
    }

    @Test
    void aTruncatedReplyLeavesItsEffect() throws Exception {
        proxy.change(GOOD.with(new Fault.TruncatedReply(Which.number(1))));
        assertThatThrownBy(() -> send("one")).isInstanceOf(IOException.class).hasMessageContaining("ends after");
        assertThat(server.requests()).containsExactly("PUT /a one");
        assertThat(send("two")).isEqualTo("200 PUT /a two");
    }

    @Test
    void aDuplicateArrivesAgainAfterLaterOnes() throws Exception {
        proxy.change(GOOD.with(new Fault.Duplicate(Which.number(1), 1)));
        assertThat(send("one")).isEqualTo("200 PUT /a one");
        assertThat(send("two")).isEqualTo("200 PUT /a two");
        assertThat(send("three")).isEqualTo("200 PUT /a three");
        Deadline.in(LIMIT).await("the copy", () -> server.requests().size() == 4);
        assertThat(server.requests()).startsWith("PUT /a one", "PUT /a two").contains("PUT /a three");
        assertThat(server.requests().subList(2, 4)).contains("PUT /a one");
    }

    @Test
    void aLateRequestFailsAndArrivesAllTheSame() throws Exception {
        proxy.change(GOOD.with(new Fault.Late(Which.number(1), 100)));
        assertThatThrownBy(() -> send("one")).isInstanceOf(IOException.class);
        assertThat(send("two")).isEqualTo("200 PUT /a two");
        assertThat(server.requests()).containsExactly("PUT /a two");
        proxy.deliverLate();
        assertThat(server.requests()).isEqualTo(List.of("PUT /a two", "PUT /a one"));
        assertThat(proxy.counts().late()).isEqualTo(1);
    }

    @Test
    void aLateRequestThatWaitsForContinueIsToldToGoOn() throws Exception {
        proxy.change(GOOD.with(new Fault.Late(Which.number(1), 100)));
        try (RawClient client = new RawClient(proxy.port())) {
            assertThatThrownBy(() -> client.send("PUT", "/a", "one", "Expect: 100-continue"))
                    .isInstanceOf(IOException.class);
        }
        Deadline.in(Duration.ofSeconds(10)).await("the late request", () -> {
            proxy.deliverLate(); // the client may be gone before the proxy has put it aside
            return !server.requests().isEmpty();
        });
        assertThat(server.requests()).isEqualTo(List.of("PUT /a one"));
    }

    @Test
    void bodiesWithoutALengthPass() throws Exception {
        proxy.change(GOOD.with(Fault.Answer.slowDown(Which.number(100))));
        try (RawClient client = new RawClient(proxy.port())) {
            assertThat(client.send("PUT", "/a", "3\r\none\r\n0\r\n\r\n", RawClient.CHUNKED))
                    .isEqualTo("200 PUT /a one");
        }
    }

    private String send(String body) throws IOException {
        try (RawClient client = new RawClient(proxy.port())) {
            return client.send("PUT", "/a", body);
        }
    }
}
