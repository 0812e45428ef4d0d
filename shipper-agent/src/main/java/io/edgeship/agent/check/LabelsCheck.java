package io.edgeship.agent.check;

import io.edgeship.ship.SourceConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Whether each source's blocks carry labels that tell them from all others.
final class LabelsCheck {
    private LabelsCheck() {}

    /// @param own        Prometheus' external labels; empty if it did not answer
    /// @param configured under `sources[].external_labels`
    record Facts(String source, Map<String, String> configured, Optional<Map<String, String>> own, boolean asks) {
        static Facts of(SourceConfig source, PrometheusFacts prometheus) {
            return new Facts(
                    source.path().toString(),
                    source.externalLabels(),
                    prometheus.silence().isPresent() ? Optional.empty() : Optional.of(prometheus.labels()),
                    source.url().isPresent());
        }

        /// As the agent has it: configured ones win as a whole.
        Map<String, String> chosen() {
            return configured.isEmpty() ? own.orElse(Map.of()) : configured;
        }
    }

    static List<Finding> judge(List<Facts> sources, String siteLabel, String site) {
        Map<Map<String, String>, String> seen = new HashMap<>();
        List<Finding> findings = new ArrayList<>();
        for (Facts facts : sources) {
            Map<String, String> labels = new TreeMap<>(facts.chosen());
            labels.putIfAbsent(siteLabel, site);
            String twin = seen.putIfAbsent(labels, facts.source());
            findings.add(judge(facts, labels, Optional.ofNullable(twin), siteLabel, site)
                    .of(facts.source()));
        }
        return findings;
    }

    private static Finding judge(
            Facts facts, Map<String, String> labels, Optional<String> twin, String siteLabel, String site) {
        String value = labels.getOrDefault(siteLabel, site);
        if (!value.equals(site)) {
            return Finding.fail(
                    Check.LABELS,
                    "blocks would say %s=\"%s\", the agent says %s: the centre takes them for another site's"
                            .formatted(siteLabel, value, site),
                    "make them the same, or set site_label to a label that Prometheus does not have");
        }
        if (twin.isPresent()) {
            return Finding.fail(
                    Check.LABELS,
                    "%s: the same as of %s, so their blocks overlap in the bucket".formatted(labels, twin.get()),
                    "give each a label of its own under sources[].external_labels, like replica");
        }
        if (facts.configured().isEmpty() && facts.asks() && facts.own().isEmpty()) {
            return Finding.warn(
                    Check.LABELS,
                    "Prometheus does not answer, and no labels are configured: new blocks wait until it does",
                    "start Prometheus, mend sources[].url, or set sources[].external_labels");
        }
        Map<String, String> own = facts.own().orElse(Map.of());
        if (!facts.configured().isEmpty()
                && !own.isEmpty()
                && !facts.configured().equals(own)) {
            return Finding.pass(
                    Check.LABELS,
                    labels + ", as configured; Prometheus' own, %s, are not used".formatted(new TreeMap<>(own)));
        }
        return facts.chosen().isEmpty()
                ? Finding.warn(
                        Check.LABELS,
                        labels + " and no other: a second Prometheus at this site could not be told apart",
                        "set external_labels in prometheus.yml, or sources[].external_labels, like replica: a")
                : Finding.pass(Check.LABELS, labels.toString());
    }
}
