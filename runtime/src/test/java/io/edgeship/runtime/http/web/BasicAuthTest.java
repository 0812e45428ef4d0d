package io.edgeship.runtime.http.web;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasicAuthTest {
    /// By htpasswd's algorithm, cost 12; the exporter-toolkit's own test has it.
    private static final Map<String, String> ALICE =
            Map.of("alice", "$2y$12$1DpfPeqF9HzHJt.EWswy1exHluGfbhnn3yXhR7Xes6m3WJqFg0Wby");

    private final BasicAuth auth = new BasicAuth();

    private static String header(String login) {
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> user(String name, String password) {
        return Map.of(name, BCrypt.withDefaults().hashToString(4, password.toCharArray()));
    }

    @Test
    void theHashOfAnotherImplementationIsUnderstood() {
        assertThat(auth.admits(ALICE, header("alice:alice123"))).isTrue();
        assertThat(auth.admits(ALICE, header("alice:alice124"))).isFalse();
    }

    @Test
    void colonsAndLettersOfAllKindsAreFineInAPassword() {
        assertThat(auth.admits(user("jörg", "a:b:ü"), header("jörg:a:b:ü"))).isTrue();
        assertThat(auth.admits(user("jörg", "a:b:ü"), header("jörg:a:b:u"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic", "Basic ", "Basic !", "Bearer x", "Basic YQ==", "Basic Og==", "Basic OmE="})
    void whatIsNoLoginIsRefused(String header) {
        assertThat(auth.admits(user("a", "b"), header)).isFalse();
    }

    @Test
    void noHeaderIsRefused() {
        assertThat(auth.admits(user("a", "b"), null)).isFalse();
    }

    @Test
    void bytesBeyondThe72ThatBcryptKnowsDoNotCountAsInGo() {
        String first = "x".repeat(72);
        assertThat(auth.admits(user("a", first), header("a:" + first + "y"))).isTrue();
        assertThat(auth.admits(user("a", first), header("a:" + first.substring(1))))
                .isFalse();
    }

    @Test
    void aPasswordThatWasRightIsNotHashedAgainUntilItsHashChanges() {
        long first = nanos(() -> auth.admits(ALICE, header("alice:alice123")));
        long second = nanos(() -> auth.admits(ALICE, header("alice:alice123")));
        assertThat(second).as("first %d ns", first).isLessThan(first / 4);
        assertThat(auth.admits(user("alice", "other"), header("alice:alice123")))
                .isFalse();
    }

    @Test
    void anUnknownNameTakesAsLongAsAWrongPassword() {
        auth.admits(ALICE, header("alice:warm"));
        long wrong = nanos(() -> auth.admits(ALICE, header("alice:wrong")));
        long unknown = nanos(() -> auth.admits(ALICE, header("mallory:wrong")));
        assertThat(unknown).as("wrong password: %d ns", wrong).isBetween(wrong / 4, wrong * 4);
    }

    @Test
    void moreLoginsThanAreRememberedStillWork() {
        for (int i = 0; i < 120; i++) {
            Map<String, String> users = user("u" + i, "p");
            assertThat(auth.admits(users, header("u" + i + ":p")))
                    .as("user %d", i)
                    .isTrue();
        }
    }

    private static long nanos(BooleanSupplier check) {
        long begin = System.nanoTime();
        boolean admitted = check.getAsBoolean();
        long nanos = System.nanoTime() - begin;
        assertThat(nanos).as("admitted: %s", admitted).isLessThan(TimeUnit.MINUTES.toNanos(1));
        return nanos;
    }
}
