package io.edgeship.ship;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.BucketException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PatienceTest {
    private static final int FAILURES = 200;

    private final Patience patience = new Patience(new Random(3));

    @ParameterizedTest
    @EnumSource(Trouble.class)
    void waitsGrowToTheirBoundAndNeverEnd(Trouble trouble) {
        Duration longest = Duration.ZERO;
        for (int failure = 0; failure < FAILURES; failure++) {
            Duration wait = patience.after(trouble);
            assertThat(wait).as("%s, failure %d", trouble, failure).isLessThanOrEqualTo(trouble.longest());
            longest = wait.compareTo(longest) > 0 ? wait : longest;
        }
        assertThat(longest).isGreaterThan(trouble.longest().dividedBy(2));
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            names = {"NETWORK", "THROTTLED", "NOT_FOUND", "OURS"})
    void theFirstWaitIsShort(Trouble trouble) {
        assertThat(patience.after(trouble)).isLessThanOrEqualTo(trouble.first());
    }

    @Test
    void theNetworkIsNeverWaitedForLongerThanAMinute() {
        assertThat(Trouble.NETWORK.longest()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void whatAPersonHasToMendIsAskedForSlowly() {
        for (int failure = 0; failure < FAILURES; failure++) {
            assertThat(patience.after(Trouble.AUTH)).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
        }
    }

    @Test
    void aLinkThatIsCutAgainAndAgainAndLetsSomethingThroughIsUsedAtOnce() {
        for (int failure = 0; failure < FAILURES; failure++) {
            patience.progressed();
            assertThat(patience.after(Trouble.NETWORK)).isLessThanOrEqualTo(Duration.ofMillis(250));
        }
        assertThat(patience.fruitless()).isEqualTo(1);
        patience.after(Trouble.NETWORK);
        assertThat(patience.fruitless()).isEqualTo(2);
    }

    @Test
    void aClosedWindowIsNoFailure() {
        patience.after(Trouble.NETWORK);
        patience.after(Trouble.HELD_BACK);
        assertThat(patience.fruitless()).isEqualTo(1);
    }

    @Test
    void everyFailureHasItsClass() {
        assertThat(Trouble.of(new BucketException.Unavailable("", null))).isEqualTo(Trouble.NETWORK);
        assertThat(Trouble.of(new BucketException.Throttled("", null))).isEqualTo(Trouble.THROTTLED);
        assertThat(Trouble.of(new BucketException.AccessDenied("", null))).isEqualTo(Trouble.AUTH);
        assertThat(Trouble.of(new BucketException.NotFound("", null))).isEqualTo(Trouble.NOT_FOUND);
        assertThat(Trouble.of(new BucketException.HeldBack(""))).isEqualTo(Trouble.HELD_BACK);
        assertThat(Trouble.of(new BucketException.Refused("", null))).isEqualTo(Trouble.OURS);
        assertThat(Trouble.of(new BucketException.NoSuchUpload("", null))).isEqualTo(Trouble.OURS);
    }
}
