package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.ship.Rest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SingleRunTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Rest NOTHING_LEFT = new Rest(Rest.Until.NEWS, Duration.ZERO, Optional.empty(), 0);

    private final ScriptedWaiting waiting = new ScriptedWaiting();

    /// When each round began.
    private final List<Duration> rounds = new ArrayList<>();

    /// @param rests what the n-th round, from 1, comes back with
    private Rest run(Duration wait, IntFunction<Rest> rests) throws Exception {
        SingleRun.Round round = () -> {
            rounds.add(waiting.time.passed());
            return rests.apply(rounds.size());
        };
        return new SingleRun(round, waiting.resting(MINUTE), waiting.time::nanoTime).run(wait);
    }

    private static Rest minute(Rest.Until until, int fruitless) {
        return new Rest(until, MINUTE, Optional.empty(), fruitless);
    }

    private static IntFunction<Rest> once(Rest first) {
        return round -> round == 1 ? first : NOTHING_LEFT;
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void endsWhereNothingIsLeft() throws Exception {
        assertThat(run(Duration.ofHours(1), _ -> NOTHING_LEFT)).isEqualTo(NOTHING_LEFT);
        assertThat(rounds).containsExactly(Duration.ZERO);
    }

    @Test
    void aLinkThatIsBackEndsTheWaitForIt() throws Exception {
        waiting.after(seconds(3), () -> waiting.back = true);
        run(Duration.ZERO, once(minute(Rest.Until.LINK_UP, 1)));
        assertThat(rounds).containsExactly(Duration.ZERO, seconds(3));
    }

    @Test
    void aWindowThatOpensEndsTheWaitForIt() throws Exception {
        waiting.after(seconds(20), () -> waiting.open = true);
        run(Duration.ofHours(1), once(minute(Rest.Until.OPEN, 0)));
        assertThat(rounds).containsExactly(Duration.ZERO, seconds(20));
    }

    @ParameterizedTest
    @EnumSource(names = {"LINK_UP", "LATER"})
    void newCredentialsEndTheWait(Rest.Until until) throws Exception {
        waiting.after(seconds(5), () -> waiting.changed = true);
        run(Duration.ZERO, once(minute(until, 1)));
        assertThat(rounds).containsExactly(Duration.ZERO, seconds(5));
    }

    @Test
    void receiptsAreAskedForEveryTwoSecondsUntilTheDeadline() throws Exception {
        assertThat(run(seconds(5), _ -> minute(Rest.Until.ANSWERED, 0)).until()).isEqualTo(Rest.Until.ANSWERED);
        assertThat(rounds).containsExactly(Duration.ZERO, seconds(2), seconds(4), seconds(5));
    }

    @Test
    void whatSettlesIsAwaitedBeyondTheDeadline() throws Exception {
        run(Duration.ZERO, once(minute(Rest.Until.SETTLED, 0)));
        assertThat(rounds).containsExactly(Duration.ZERO, MINUTE);
    }

    @ParameterizedTest
    @EnumSource(names = {"LINK_UP", "LATER"})
    void withoutADeadlineADeadLinkIsGivenUpAtTheThirdFailure(Rest.Until until) throws Exception {
        assertThat(run(Duration.ZERO, round -> minute(until, round)).fruitless())
                .isEqualTo(SingleRun.FRUITLESS_MAX);
        assertThat(rounds).containsExactly(Duration.ZERO, MINUTE, MINUTE.multipliedBy(2));
    }

    @ParameterizedTest
    @EnumSource(names = {"LINK_UP", "LATER"})
    void withOneADeadLinkIsTriedUntilThenAndNoLonger(Rest.Until until) throws Exception {
        run(seconds(250), round -> minute(until, round));
        assertThat(rounds)
                .containsExactly(Duration.ZERO, seconds(60), seconds(120), seconds(180), seconds(240), seconds(250));
    }

    @Test
    void aLinkThatLetsSomethingThroughIsNotGivenUp() throws Exception {
        run(Duration.ZERO, round -> round < 10 ? minute(Rest.Until.LINK_UP, 1) : NOTHING_LEFT);
        assertThat(rounds).hasSize(10);
    }

    @Test
    void aClosedLinkIsAwaitedUntilTheDeadlineAndNoLonger() throws Exception {
        run(seconds(90), _ -> minute(Rest.Until.OPEN, 0));
        assertThat(rounds).containsExactly(Duration.ZERO, MINUTE, seconds(90));
    }

    @Test
    void anInterruptEndsIt() {
        waiting.after(seconds(4), () -> Thread.currentThread().interrupt());
        assertThatThrownBy(() -> run(Duration.ofHours(1), _ -> minute(Rest.Until.LINK_UP, 1)))
                .isInstanceOf(InterruptedException.class);
        assertThat(waiting.time.passed()).isEqualTo(seconds(4));
        assertThat(rounds).hasSize(1);
    }
}
