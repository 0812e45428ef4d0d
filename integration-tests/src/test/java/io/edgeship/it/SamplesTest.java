package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.TimeRange;
import io.edgeship.it.Samples.Sample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SamplesTest {
    private static final Map<String, String> UP = Map.of("__name__", "up");

    @Test
    void theSameSamplesInAnotherOrderHaveNoDifferences() {
        Samples one = samples(Sample.of(1, 1), Sample.of(2, Double.NaN));
        Samples other = samples(new Sample(2, Samples.STALE_BITS), Sample.of(1, 1));
        assertThat(Samples.differences(one, other)).isEmpty();
    }

    @Test
    void aMissingSampleIsNamed() {
        assertThat(Samples.differences(samples(Sample.of(1, 1), Sample.of(2, 1)), samples(Sample.of(1, 1))))
                .singleElement()
                .asString()
                .contains("lacks 1 of 2 samples")
                .contains("@2");
    }

    @Test
    void aDoubledSampleIsNamed() {
        assertThat(Samples.differences(samples(Sample.of(1, 1)), samples(Sample.of(1, 1), Sample.of(1, 1))))
                .singleElement()
                .asString()
                .contains("has 1 doubled samples");
    }

    @Test
    void anotherValueIsMissingAndForeign() {
        assertThat(Samples.differences(samples(Sample.of(1, 0.0)), samples(Sample.of(1, -0.0))))
                .hasSize(2)
                .anyMatch(text -> text.contains("lacks"))
                .anyMatch(text -> text.contains("foreign"));
    }

    @Test
    void aSeriesThatOnlyOneSideHasIsNamed() {
        assertThat(Samples.differences(new Samples(), samples(Sample.of(1, 1)))).hasSize(1);
        assertThat(Samples.differences(samples(Sample.of(1, 1)), new Samples())).hasSize(1);
    }

    @Test
    void stalenessMarkersAreNotAnswered() {
        Samples all = samples(Sample.of(1, Double.NaN), new Sample(2, Samples.STALE_BITS));
        assertThat(all.withoutStaleMarkers().count()).isEqualTo(1);
    }

    @Test
    void tenDigitsForgiveTheLastBitAndNoMore() {
        Samples one = samples(Sample.of(1, 0.09), Sample.of(2, Double.NEGATIVE_INFINITY))
                .toTenDigits();
        Samples nearly = samples(Sample.of(1, 0.09000000000000002), Sample.of(2, Double.NEGATIVE_INFINITY));
        Samples off = samples(Sample.of(1, 0.090000001), Sample.of(2, Double.NEGATIVE_INFINITY));
        assertThat(Samples.differences(one, nearly.toTenDigits())).isEmpty();
        assertThat(Samples.differences(one, off.toTenDigits())).isNotEmpty();
    }

    @Test
    void aQuietMomentIsNoWholeSecondsFromAnySample() {
        assertThat(samples(Sample.of(7_001, 1), Sample.of(9_002, 1)).quietMoment(5_001))
                .isEqualTo(5_003);
    }

    @Test
    void whatIsLeftIsWhatTheOthersLack() {
        Samples all = samples(Sample.of(1, 1), Sample.of(2, 2), Sample.of(3, Double.NaN));
        Samples others = samples(Sample.of(1, 1), Sample.of(2, 3), new Sample(3, Samples.STALE_BITS));
        assertThat(all.without(others).some()).singleElement().asString().contains("2.0 @2");
        assertThat(all.without(all).some()).isEmpty();
    }

    @Test
    void ofDoubledSamplesOneIsDistinct() {
        assertThat(samples(Sample.of(1, 1), Sample.of(1, 1), Sample.of(1, 2))
                        .distinct()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void aRangeHoldsItsBeginningAndNotItsEnd() {
        Samples outside = samples(Sample.of(4, 1), Sample.of(5, 1), Sample.of(9, 1), Sample.of(10, 1))
                .outside(List.of(new TimeRange(5, 10)));
        assertThat(Samples.differences(samples(Sample.of(4, 1), Sample.of(10, 1)), outside))
                .isEmpty();
    }

    private static Samples samples(Sample... samples) {
        Samples all = new Samples();
        for (Sample sample : samples) {
            all.add(UP, sample);
        }
        return all;
    }
}
