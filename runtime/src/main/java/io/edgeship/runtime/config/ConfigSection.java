package io.edgeship.runtime.config;

import io.edgeship.runtime.config.EffectiveSection.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// One mapping of a configuration file. Asking for a key makes it known; a key never asked for is an error
/// in the end. A section that is not in the file reads as an empty one. Not thread-safe.
public final class ConfigSection {
    private final ConfigSource source;
    private final @Nullable MappingNode node;
    private final SectionPath path;
    private final Map<String, List<ConfigSection>> known = new LinkedHashMap<>(); // key → sections below it
    private final EffectiveSection effective = new EffectiveSection();

    ConfigSection(ConfigSource source, @Nullable MappingNode node, SectionPath path) {
        this.source = source;
        this.node = node;
        this.path = path;
    }

    /// Whether the file, or the environment, says anything in this section.
    public boolean isPresent() {
        return node != null
                || source.environment().keySet().stream().anyMatch(name -> name.startsWith(path.environment() + "_"));
    }

    /// Where this section stands: `sources[0]`, or empty for the whole file.
    public String path() {
        return path.written();
    }

    /// Whether the file has `key:` and nothing after it. Other readers take it for a key that is not there.
    public boolean isWrittenWithoutValue(String key) {
        Node value = value(key);
        return value != null
                && ConfigNodes.isNull(value)
                && !source.environment().containsKey(path.environmentOf(key));
    }

    public Optional<String> text(String key) throws ConfigException {
        note(key);
        String override = source.environment().get(path.environmentOf(key));
        if (override != null) {
            effective.given(key, override, Optional.of(path.environmentOf(key)));
            return Optional.of(override);
        }
        Node value = value(key);
        if (value == null || ConfigNodes.isNull(value)) {
            effective.unset(key);
            return Optional.empty();
        }
        if (!(value instanceof ScalarNode scalar)) {
            throw wrong(key, "is a single value, not a list or a mapping");
        }
        effective.given(key, scalar.getValue(), Optional.empty());
        return Optional.of(scalar.getValue());
    }

    public String text(String key, String fallback) throws ConfigException {
        Optional<String> text = text(key);
        effective.fallback(key, fallback);
        return text.orElse(fallback);
    }

    public String requiredText(String key) throws ConfigException {
        return text(key).filter(text -> !text.isEmpty()).orElseThrow(() -> wrong(key, "is missing"));
    }

    /// A whole number from `min` to `max`.
    public long integer(String key, long fallback, long min, long max) throws ConfigException {
        long value = converted(key, fallback, String::valueOf, Long::parseLong, "is not a whole number");
        if (value < min || value > max) {
            throw wrong(key, "is " + value + ", must be " + min + " to " + max);
        }
        return value;
    }

    /// `true` or `false`.
    public boolean flag(String key, boolean fallback) throws ConfigException {
        String value = text(key, Boolean.toString(fallback));
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(key, "is true or false");
        };
    }

    public Duration duration(String key, Duration fallback) throws ConfigException {
        return converted(key, fallback, Durations::print, Durations::parse, "is not a duration like 30s, 1m30s or 2d");
    }

    /// A number of bytes.
    public long size(String key, long fallback) throws ConfigException {
        return converted(key, fallback, Sizes::exact, Sizes::parse, "is not a size like 8MiB, 100kB or 512");
    }

    /// One of the constants of `type`, spelled in lower case.
    public <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) throws ConfigException {
        String value = text(key, spelled(fallback));
        List<String> spellings = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            if (spelled(constant).equals(value)) {
                return constant;
            }
            spellings.add(spelled(constant));
        }
        throw wrong(key, "is one of " + String.join(", ", spellings));
    }

    /// The section under `key`, or an empty one.
    public ConfigSection section(String key) throws ConfigException {
        List<ConfigSection> before = known.get(key);
        if (before != null && !before.isEmpty()) {
            return before.getFirst();
        }
        note(key);
        Node value = value(key);
        ConfigSection section = new ConfigSection(source, mapping(key, value), path.section(key));
        known.put(key, List.of(section));
        effective.put(key, new Entry.Section(section.effective));
        return section;
    }

    /// The sections listed under `key`, and those that only the environment names.
    public List<ConfigSection> sections(String key) throws ConfigException {
        List<ConfigSection> before = known.get(key);
        if (before != null && !before.isEmpty()) {
            return before;
        }
        note(key);
        List<Node> listed = items(key);
        List<ConfigSection> sections = new ArrayList<>();
        for (int i = 0; ; i++) {
            MappingNode item = i < listed.size() ? mapping(key, listed.get(i)) : null;
            ConfigSection section = new ConfigSection(source, item, path.item(key, i));
            if (i >= listed.size() && !section.isPresent()) {
                break;
            }
            sections.add(section);
        }
        known.put(key, List.copyOf(sections));
        var below = sections.stream().map(one -> one.effective).toList();
        effective.put(key, new Entry.Sections(below));
        return List.copyOf(sections);
    }

    /// A list of single values; in the environment they are separated by commas.
    public List<String> texts(String key) throws ConfigException {
        note(key);
        String override = source.environment().get(path.environmentOf(key));
        if (override != null) {
            List<String> given = override.isEmpty() ? List.of() : List.of(override.split(","));
            effective.put(key, new Entry.Values(given, path.environmentOf(key)));
            return given;
        }
        List<String> texts = new ArrayList<>();
        for (Node item : items(key)) {
            if (!(item instanceof ScalarNode scalar)) {
                throw wrong(key, "is a list of single values");
            }
            texts.add(scalar.getValue());
        }
        effective.put(key, new Entry.Values(List.copyOf(texts), ""));
        return List.copyOf(texts);
    }

    /// A mapping of names that are the user's own to single values; in the environment `a=b,c=d`.
    public Map<String, String> textMap(String key) throws ConfigException {
        note(key);
        Map<String, String> texts = new LinkedHashMap<>();
        String override = source.environment().get(path.environmentOf(key));
        if (override != null) {
            for (String pair : override.isEmpty() ? new String[0] : override.split(",")) {
                int equals = pair.indexOf('=');
                if (equals < 1) {
                    throw wrong(key, "is written a=b,c=d in the environment");
                }
                texts.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
            effective.put(key, new Entry.Names(texts, path.environmentOf(key)));
            return Collections.unmodifiableMap(texts);
        }
        for (NodeTuple entry : ConfigNodes.entries(mapping(key, value(key)))) {
            if (!(entry.getKeyNode() instanceof ScalarNode name)
                    || !(entry.getValueNode() instanceof ScalarNode text)) {
                throw wrong(key, "is a mapping of single values");
            }
            texts.put(name.getValue(), text.getValue());
        }
        effective.put(key, new Entry.Names(texts, ""));
        return Collections.unmodifiableMap(texts);
    }

    /// An error that points at the line of `key`, or at this section where the key is not written.
    public ConfigException wrong(String key, String problem) {
        if (source.environment().containsKey(path.environmentOf(key))) {
            return new ConfigException(path.environmentOf(key) + " (" + path.key(key) + "): " + problem);
        }
        Node at = value(key) == null ? node : value(key);
        return new ConfigException(source.name() + ":" + ConfigNodes.lineOf(at) + ": " + path.key(key) + " " + problem);
    }

    EffectiveSection effective() {
        return effective;
    }

    void rejectUnknownKeys() throws ConfigException {
        for (NodeTuple entry : ConfigNodes.entries(node)) {
            String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            if (!known.containsKey(key)) {
                String hint = NearestKey.to(key, known.keySet())
                        .map(nearest -> "; did you mean '" + nearest + "'?")
                        .orElse("; known here: " + String.join(", ", known.keySet()));
                throw new ConfigException(source.name() + ":" + ConfigNodes.lineOf(entry.getKeyNode())
                        + ": unknown key '" + path.key(key) + "'" + hint);
            }
        }
        for (List<ConfigSection> sections : known.values()) {
            for (ConfigSection section : sections) {
                section.rejectUnknownKeys();
            }
        }
    }

    private <T> T converted(
            String key, T fallback, Function<T, String> spelling, Function<String, T> conversion, String problem)
            throws ConfigException {
        Optional<String> text = text(key);
        effective.fallback(key, spelling.apply(fallback));
        try {
            return text.isPresent() ? conversion.apply(text.get()) : fallback;
        } catch (IllegalArgumentException e) {
            throw wrong(key, problem);
        }
    }

    private List<Node> items(String key) throws ConfigException {
        Node value = value(key);
        if (value == null || ConfigNodes.isNull(value)) {
            return List.of();
        }
        if (!(value instanceof SequenceNode sequence)) {
            throw wrong(key, "is a list");
        }
        return sequence.getValue();
    }

    private @Nullable MappingNode mapping(String key, @Nullable Node value) throws ConfigException {
        if (value == null || ConfigNodes.isNull(value)) {
            return null;
        }
        if (!(value instanceof MappingNode mapping)) {
            throw wrong(key, "is a mapping of keys and values");
        }
        return mapping;
    }

    private @Nullable Node value(String key) {
        return ConfigNodes.value(node, key);
    }

    private void note(String key) {
        known.putIfAbsent(key, List.of());
        source.keysRead().add(path.documentedKey(key));
    }

    private static String spelled(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
