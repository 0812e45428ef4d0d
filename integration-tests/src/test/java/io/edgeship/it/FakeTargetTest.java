package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.FakeTarget;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FakeTargetTest {
    @Test
    void theSameSeedGivesTheSameScrapes() throws IOException {
        try (FakeTarget one = FakeTarget.start(7, 3);
                FakeTarget same = FakeTarget.start(7, 3);
                FakeTarget other = FakeTarget.start(8, 3)) {
            String first = scrape(one);
            assertThat(first).contains("greenhouse_odd_value ", "sensor=\"2\"").isEqualTo(scrape(same));
            assertThat(scrape(other)).isNotEqualTo(first);
            assertThat(scrape(one)).as("the second scrape").isNotEqualTo(first);
        }
    }

    private static String scrape(FakeTarget target) throws IOException {
        try (InputStream body =
                URI.create("http://" + target.address() + "/metrics").toURL().openStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
