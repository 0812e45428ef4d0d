package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.ship.Rest;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RestingTest {
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ScriptedWaiting waiting = new ScriptedWaiting();
    private final Resting resting = waiting.resting(IDLE);

    /// Returns how long the rest took.
    private Duration rest(Rest.Until until) {
        resting.rest(new Rest(until, MINUTE, Optional.empty(), 0));
        return waiting.time.passed();
    }

    @Test
    void withNothingToShipItSleepsUntilTheNextScan() {
        assertThat(rest(Rest.Until.NEWS)).isEqualTo(IDLE);
        assertThat(waiting.time.parked).containsExactly(IDLE);
    }

    @ParameterizedTest
    @EnumSource(names = {"NEWS", "SETTLED", "ANSWERED"})
    void newsEndTheWaitEvenIfTheyCameBefore(Rest.Until until) {
        resting.nudge();
        assertThat(rest(until)).isZero();
        assertThat(rest(until)).as("once").isGreaterThanOrEqualTo(IDLE);
    }

    @ParameterizedTest
    @EnumSource(names = {"SETTLED", "ANSWERED"})
    void newsThatComeEndTheWait(Rest.Until until) {
        waiting.after(Duration.ofSeconds(7), resting::nudge);
        assertThat(rest(until)).isEqualTo(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @EnumSource(names = {"OPEN", "LINK_UP", "LATER"})
    void newsDoNotEndAWaitForTheLink(Rest.Until until) {
        resting.nudge();
        assertThat(rest(until)).isEqualTo(MINUTE);
    }

    @Test
    void aLinkThatOpensEndsTheWaitForIt() {
        waiting.after(Duration.ofSeconds(20), () -> waiting.open = true);
        assertThat(rest(Rest.Until.OPEN)).isEqualTo(Duration.ofSeconds(20));
    }

    /// It may be open and hold back all the same, when its count cannot be kept on a full disk.
    @Test
    void aLinkThatIsOpenAndHoldsBackIsAskedOnceASecond() {
        waiting.open = true;
        assertThat(rest(Rest.Until.OPEN)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aLinkThatIsBackEndsTheWaitForItAndNoOther() {
        waiting.after(Duration.ofSeconds(3), () -> waiting.back = true);
        assertThat(rest(Rest.Until.LINK_UP)).isEqualTo(Duration.ofSeconds(3));
        assertThat(rest(Rest.Until.LATER)).isEqualTo(Duration.ofSeconds(3).plus(MINUTE));
    }

    @ParameterizedTest
    @EnumSource(names = {"LINK_UP", "LATER"})
    void newCredentialsEndTheWait(Rest.Until until) {
        waiting.after(Duration.ofSeconds(5), () -> waiting.changed = true);
        assertThat(rest(until)).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @EnumSource
    void stoppingEndsEveryWait(Rest.Until until) {
        resting.stop();
        assertThat(rest(until)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = "NEWS", mode = EnumSource.Mode.EXCLUDE)
    void stoppingEndsAWaitUnderWay(Rest.Until until) {
        waiting.after(Duration.ofSeconds(2), resting::stop);
        assertThat(rest(until)).isEqualTo(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedThreadWaitsForNothing(Rest.Until until) {
        Thread.currentThread().interrupt();
        Duration took = rest(until);
        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        assertThat(took).isZero();
    }
}
