package io.edgeship.agent.check;

import io.edgeship.ship.PrometheusApi;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// What a source's Prometheus says of itself.
///
/// @param silence why it says nothing; empty if it answered
/// @param labels  its external labels
record PrometheusFacts(
        Optional<String> silence,
        String version,
        Map<String, String> flags,
        String retention,
        Map<String, String> labels) {
    static PrometheusFacts silent(String why) {
        return new PrometheusFacts(Optional.of(why), "", Map.of(), "", Map.of());
    }

    static PrometheusFacts ask(Optional<String> url) {
        if (url.isEmpty()) {
            return silent("sources[].url is not set");
        }
        try {
            PrometheusApi api = new PrometheusApi(url.get());
            return new PrometheusFacts(
                    Optional.empty(), api.version(), api.flags(), api.retention(), api.externalLabels());
        } catch (IOException | IllegalArgumentException e) {
            return silent(url.get() + " does not answer: " + e.getMessage());
        }
    }
}
