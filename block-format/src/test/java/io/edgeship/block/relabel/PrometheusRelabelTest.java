package io.edgeship.block.relabel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.edgeship.block.LabelSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Thousands of rules and label sets, with what the real Prometheus made of them.
class PrometheusRelabelTest {
    private static final Path CASES = Path.of("src/test/resources/golden/prometheus-3.14-relabel/cases.jsonl.gz");

    @Test
    void rulesDoWhatThePrometheusOfTheGoldenFilesDoes() throws IOException {
        int refused = 0;
        int dropped = 0;
        int changed = 0;
        for (Map<String, Object> golden : cases()) {
            Map<String, String> labels = texts(golden.get("labels"));
            Optional<Relabeling> relabeling = relabeling(golden);
            assertThat(relabeling.isPresent())
                    .as("%s is valid for Prometheus", golden)
                    .isEqualTo(golden.get("valid"));
            if (relabeling.isEmpty()) {
                refused++;
                continue;
            }
            Optional<LabelSet> result = relabeling.get().apply(LabelSet.of(labels));
            if (!labels.isEmpty() || result.isPresent()) {
                assertThat(result.map(LabelSet::toMap).orElse(Map.of()))
                        .as("%s", golden)
                        .isEqualTo(texts(golden.get("result")));
            }
            dropped += result.isEmpty() ? 1 : 0;
            changed += result.isPresent() && !result.get().toMap().equals(labels) ? 1 : 0;
        }
        assertThat(List.of(refused, dropped, changed))
                .allSatisfy(count -> assertThat(count).isGreaterThan(500));
    }

    private static Optional<Relabeling> relabeling(Map<String, Object> golden) {
        List<RelabelRule> rules = new ArrayList<>();
        try {
            for (Object rule : golden.get("rules") instanceof List<?> list ? list : List.of()) {
                rules.add(rule((Map<?, ?>) rule));
            }
            return Optional.of(Relabeling.of(rules));
        } catch (InvalidRuleException e) {
            return Optional.empty();
        }
    }

    private static RelabelRule rule(Map<?, ?> fields) {
        List<String> sources = new ArrayList<>();
        if (fields.get("source_labels") instanceof List<?> names) {
            names.forEach(name -> sources.add(name.toString()));
        }
        return new RelabelRule(
                RelabelAction.of(text(fields, "action", "replace"))
                        .orElseThrow(() -> new InvalidRuleException("action", "is not known")),
                sources,
                text(fields, "separator", RelabelRule.SEPARATOR),
                text(fields, "regex", RelabelRule.REGEX),
                Long.parseLong(text(fields, "modulus", "0")),
                text(fields, "target_label", ""),
                text(fields, "replacement", RelabelRule.REPLACEMENT));
    }

    private static String text(Map<?, ?> fields, String key, String fallback) {
        Object value = fields.get(key);
        return value == null ? fallback : value.toString();
    }

    private static Map<String, String> texts(@Nullable Object object) {
        Map<String, String> texts = new LinkedHashMap<>();
        (object instanceof Map<?, ?> map ? map : Map.of())
                .forEach((name, value) -> texts.put(name.toString(), value.toString()));
        return texts;
    }

    private static List<Map<String, Object>> cases() throws IOException {
        List<Map<String, Object>> cases = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(CASES)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                cases.add(JSON.std.mapFrom(line));
            }
        }
        return cases;
    }
}
