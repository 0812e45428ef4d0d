package io.edgeship.block.relabel;

import io.edgeship.block.LabelSet;
import io.edgeship.block.tsdb.LabelRegex;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;

/// A rule made ready to be applied often: its regular expression is compiled once. Thread-safe.
final class RelabelStep {
    /// Names of labels and metrics are few, and come again with each series.
    private static final int VERDICTS_MAX = 1000;

    private static final int VERDICT_CHARS_MAX = 100;

    private final RelabelRule rule;
    private final LabelRegex regex;
    private final Template target;
    private final Template replacement;
    private final Map<String, Boolean> verdicts = new ConcurrentHashMap<>(); // of the regular expression

    RelabelStep(RelabelRule rule) {
        this.rule = rule;
        regex = LabelRegex.compile(rule.regex());
        target = new Template(rule.targetLabel());
        replacement = new Template(rule.replacement());
    }

    /// @return whether the series stays
    boolean apply(EditedLabels labels) {
        String value = rule.action().readsValue() ? joined(labels) : "";
        switch (rule.action()) {
            case KEEP -> {
                return matches(value);
            }
            case DROP -> {
                return !matches(value);
            }
            case KEEPEQUAL -> {
                return labels.get(rule.targetLabel()).equals(value);
            }
            case DROPEQUAL -> {
                return !labels.get(rule.targetLabel()).equals(value);
            }
            case REPLACE -> replace(labels, value);
            case HASHMOD -> labels.set(rule.targetLabel(), Long.toString(hash(value, rule.modulus())));
            case LOWERCASE -> labels.set(rule.targetLabel(), mapped(value, Character::toLowerCase));
            case UPPERCASE -> labels.set(rule.targetLabel(), mapped(value, Character::toUpperCase));
            case LABELMAP -> labels.forEach((name, labelValue) -> map(labels, name, labelValue));
            case LABELDROP -> removeWhere(labels, true);
            case LABELKEEP -> removeWhere(labels, false);
        }
        return true;
    }

    private boolean matches(String text) {
        Boolean known = verdicts.get(text);
        if (known != null) {
            return known;
        }
        boolean matches = regex.matches(text);
        if (verdicts.size() < VERDICTS_MAX && text.length() <= VERDICT_CHARS_MAX) {
            verdicts.put(text, matches);
        }
        return matches;
    }

    private String joined(EditedLabels labels) {
        List<String> sources = rule.sourceLabels();
        if (sources.size() == 1) {
            return labels.get(sources.getFirst());
        }
        StringJoiner joined = new StringJoiner(rule.separator());
        for (String name : sources) {
            joined.add(labels.get(name));
        }
        return joined.toString();
    }

    private void replace(EditedLabels labels, String value) {
        Optional<LabelRegex.Captured> captured = regex.capture(value);
        if (captured.isEmpty()) {
            return;
        }
        String name = target.expand(captured.get());
        if (RelabelRule.isLabelName(name)) {
            labels.set(name, replacement.expand(captured.get()));
        }
    }

    private void map(EditedLabels labels, String name, String value) {
        Optional<LabelRegex.Captured> captured = regex.capture(name);
        if (captured.isPresent()) {
            String mapped = replacement.expand(captured.get());
            if (!mapped.isEmpty()) { // Prometheus would make a label without a name, which no block may have
                labels.set(mapped, value);
            }
        }
    }

    private void removeWhere(EditedLabels labels, boolean matches) {
        labels.forEach((name, _) -> {
            if (matches(name) == matches) {
                labels.remove(name);
            }
        });
    }

    /// The last 8 bytes of the value's MD5 as an unsigned big-endian number, modulo `modulus`.
    private static long hash(String value, long modulus) {
        byte[] digest;
        try {
            digest = MessageDigest.getInstance("MD5").digest(value.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
        long number = 0;
        for (int i = digest.length - Long.BYTES; i < digest.length; i++) {
            number = (number << Byte.SIZE) | (digest[i] & 0xff);
        }
        return Long.remainderUnsigned(number, modulus);
    }

    /// One code point becomes one, as in Go: `ß` has no upper case.
    private static String mapped(String value, IntUnaryOperator mapping) {
        return value.codePoints()
                .map(mapping)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /// The rule as text: only what its action reads.
    void canonical(StringBuilder text) {
        RelabelAction action = rule.action();
        text.append(action.spelling());
        if (action.readsValue()) {
            text.append(" source_labels=");
            rule.sourceLabels().forEach(name -> LabelSet.quote(text, name));
            if (rule.sourceLabels().size() > 1) {
                field(text, "separator", rule.separator());
            }
        }
        if (action.readsRegex()) {
            field(text, "regex", rule.regex());
        }
        if (action == RelabelAction.HASHMOD) {
            text.append(" modulus=").append(rule.modulus());
        }
        if (action.readsTarget()) {
            field(text, "target_label", rule.targetLabel());
        }
        if (action.readsReplacement()) {
            field(text, "replacement", rule.replacement());
        }
        text.append('\n');
    }

    private static void field(StringBuilder text, String key, String value) {
        text.append(' ').append(key).append('=');
        LabelSet.quote(text, value);
    }
}
