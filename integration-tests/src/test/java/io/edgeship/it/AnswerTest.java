package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswerTest {
    private static final String FLOATS = "{\"metric\":{\"a\":\"b\"},\"values\":[[1.5,\"2\"],[2,\"NaN\"]]}";
    private static final String HISTOGRAMS =
            "{\"metric\":{\"a\":\"c\"},\"histograms\":[[3,{\"count\":\"1\",\"buckets\":[[0,\"1\",\"2\",\"1\"]]}]]}";

    @Test
    void anAnswerIsEqualToItself() throws IOException {
        Answer answer = answer(FLOATS + "," + HISTOGRAMS);
        assertThat(answer.points()).isEqualTo(3);
        assertThat(answer.hasHistograms()).isTrue();
        assertThat(Answer.differences(answer, answer(HISTOGRAMS + "," + FLOATS)))
                .isEmpty();
    }

    @Test
    void eachOtherValueTimeBucketOrSeriesIsADifference() throws IOException {
        Answer answer = answer(FLOATS + "," + HISTOGRAMS);
        for (String other : new String[] {
            FLOATS.replace("\"2\"", "\"2.0000000000000004\"") + "," + HISTOGRAMS,
            FLOATS.replace("1.5", "1.501") + "," + HISTOGRAMS,
            FLOATS.replace(",[2,\"NaN\"]", "") + "," + HISTOGRAMS,
            FLOATS + "," + HISTOGRAMS.replace("[0,\"1\"", "[0,\"0.5\""),
            FLOATS,
            FLOATS.replace("\"b\"", "\"d\"") + "," + HISTOGRAMS
        }) {
            assertThat(Answer.differences(answer, answer(other))).as(other).isNotEmpty();
            assertThat(Answer.differences(answer(other), answer)).as(other).isNotEmpty();
        }
    }

    @Test
    void anErrorIsNoAnswer() {
        assertThatThrownBy(() -> Answer.parse(
                        new ByteArrayInputStream(
                                "{\"status\":\"error\",\"error\":\"no\"}".getBytes(StandardCharsets.UTF_8)),
                        "up"))
                .hasMessageContaining("up answered")
                .hasMessageContaining("error=no");
    }

    private static Answer answer(String series) throws IOException {
        String json = "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[%s]}}".formatted(series);
        return Answer.parse(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), "a test");
    }
}
