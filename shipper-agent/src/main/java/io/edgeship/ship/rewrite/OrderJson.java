package io.edgeship.ship.rewrite;

import io.edgeship.block.TimeRange;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.relabel.RelabelAction;
import io.edgeship.block.relabel.RelabelRule;
import io.edgeship.block.relabel.Relabeling;
import io.edgeship.block.rewrite.RewriteOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/// An order as the child reads it:
///
/// ```
/// {"version": 1, "sources": [directory], "labels": {name: value}, "keep": [{"min_time": ms, "max_time": ms}],
///  "relabel": [{"action", "source_labels": [name], "separator", "regex", "modulus", "target_label", "replacement"}],
///  "significant_digits": 1 to 17 (0 for all), "resolution_ms": 0 for raw samples}
/// ```
final class OrderJson {
    private static final int VERSION = 1;

    private OrderJson() {}

    static byte[] write(RewriteOrder order) {
        return JsonObject.empty()
                .with("version", VERSION)
                .with(
                        "sources",
                        order.sources().stream()
                                .map(path -> path.toAbsolutePath().toString())
                                .toList())
                .with("labels", order.labels())
                .with("keep", order.keep().stream().map(OrderJson::json).toList())
                .with(
                        "relabel",
                        order.relabeling().rules().stream().map(OrderJson::json).toList())
                .with("significant_digits", order.significantDigits().orElse(0))
                .with(
                        "resolution_ms",
                        order.resolution().map(Resolution::millis).orElse(0L))
                .toIndentedBytes();
    }

    private static JsonObject json(TimeRange range) {
        return JsonObject.empty().with("min_time", range.minTime()).with("max_time", range.maxTime());
    }

    private static JsonObject json(RelabelRule rule) {
        return JsonObject.empty()
                .with("action", rule.action().spelling())
                .with("source_labels", rule.sourceLabels())
                .with("separator", rule.separator())
                .with("regex", rule.regex())
                .with("modulus", rule.modulus())
                .with("target_label", rule.targetLabel())
                .with("replacement", rule.replacement());
    }

    static RewriteOrder read(String file, byte[] bytes) throws IOException {
        JsonObject json = JsonObject.parse(file, bytes);
        if (json.requiredInteger("version") != VERSION) {
            throw json.corrupt("version", "is not " + VERSION + ": parent and child are of two builds");
        }
        List<TimeRange> keep = new ArrayList<>();
        for (JsonObject range : json.objects("keep")) {
            keep.add(new TimeRange(range.requiredInteger("min_time"), range.requiredInteger("max_time")));
        }
        List<RelabelRule> rules = new ArrayList<>();
        for (JsonObject rule : json.objects("relabel")) {
            rules.add(rule(rule));
        }
        int digits = Math.toIntExact(json.requiredInteger("significant_digits"));
        return new RewriteOrder(
                json.texts("sources").stream().map(Path::of).toList(),
                new TreeMap<>(json.object("labels").textMap()),
                keep,
                Relabeling.of(rules),
                digits == 0 ? OptionalInt.empty() : OptionalInt.of(digits),
                resolution(json));
    }

    private static RelabelRule rule(JsonObject rule) throws IOException {
        String action = rule.requiredText("action");
        return new RelabelRule(
                RelabelAction.of(action).orElseThrow(() -> rule.corrupt("action", "is " + action)),
                rule.texts("source_labels"),
                rule.requiredText("separator"),
                rule.requiredText("regex"),
                rule.requiredInteger("modulus"),
                rule.requiredText("target_label"),
                rule.requiredText("replacement"));
    }

    private static Optional<Resolution> resolution(JsonObject json) throws IOException {
        long millis = json.requiredInteger("resolution_ms");
        if (millis == 0) {
            return Optional.empty();
        }
        for (Resolution resolution : Resolution.values()) {
            if (resolution.millis() == millis) {
                return Optional.of(resolution);
            }
        }
        throw json.corrupt("resolution_ms", "is " + millis);
    }
}
