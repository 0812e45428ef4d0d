package io.edgeship.block.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import io.edgeship.block.encoding.CorruptFormatException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A JSON object whose keys keep their order and whose unknown keys survive being rewritten. Immutable.
///
/// Numbers keep their exact value; getters throw [CorruptFormatException] naming the key where the type is another than
/// the one asked for.
public final class JsonObject {
    /// Thanos' largest `meta.json` files list every segment of a block; this is far above them.
    public static final int BYTES_MAX = 16 << 20;

    private static final int DEPTH_MAX = 32;
    private static final int STRING_CHARS_MAX = 1 << 20;
    private static final int NUMBER_CHARS_MAX = 100;

    private static final JSON READER = JSON.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxStringLength(STRING_CHARS_MAX)
                            .maxNumberLength(NUMBER_CHARS_MAX)
                            .maxDocumentLength(BYTES_MAX)
                            .build())
                    .build())
            .enable(JSON.Feature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final String file;
    private final Map<String, @Nullable Object> fields;

    private JsonObject(String file, Map<String, @Nullable Object> fields) {
        this.file = file;
        this.fields = Collections.unmodifiableMap(fields);
    }

    /// An object without keys, to be filled by [#with].
    public static JsonObject empty() {
        return new JsonObject("", Map.of());
    }

    /// Reads one object; anything after it but white space is an error.
    ///
    /// @param file stands for the bytes in errors
    public static JsonObject parse(String file, byte[] bytes) throws CorruptFormatException {
        if (bytes.length > BYTES_MAX) {
            throw new CorruptFormatException(file, 0, "JSON of %d bytes, limit %d".formatted(bytes.length, BYTES_MAX));
        }
        try (JsonParser parser = READER.createParser(utf8(bytes))) {
            Object value = READER.anyFrom(parser);
            if (parser.nextToken() != null) {
                throw new CorruptFormatException(file, 0, "something follows the JSON object");
            }
            if (!(value instanceof Map<?, ?> map)) {
                throw new CorruptFormatException(file, 0, "not a JSON object");
            }
            return new JsonObject(file, cast(map));
        } catch (CorruptFormatException e) {
            throw e;
        } catch (IOException e) {
            String problem = String.valueOf(e.getMessage());
            int end = problem.indexOf('\n');
            throw new CorruptFormatException(file, 0, "JSON: " + (end < 0 ? problem : problem.substring(0, end)));
        }
    }

    /// JSON in a bucket is UTF-8; the parser alone would guess UTF-16 and UTF-32 too.
    private static String utf8(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    public boolean has(String key) {
        return fields.get(key) != null;
    }

    public Set<String> keys() {
        return fields.keySet();
    }

    public Optional<String> text(String key) throws CorruptFormatException {
        return get(key, String.class, "text");
    }

    public String requiredText(String key) throws CorruptFormatException {
        return text(key).orElseThrow(() -> corrupt(key, "is missing"));
    }

    /// A whole number that fits in 64 bits, signed.
    public long integer(String key, long fallback) throws CorruptFormatException {
        Object value = fields.get(key);
        return switch (value) {
            case null -> fallback;
            case Integer i -> i;
            case Long l -> l;
            case BigInteger ignored -> throw corrupt(key, "does not fit in 64 bits");
            default -> throw corrupt(key, "is not a whole number");
        };
    }

    public long requiredInteger(String key) throws CorruptFormatException {
        if (!has(key)) {
            throw corrupt(key, "is missing");
        }
        return integer(key, 0);
    }

    /// Any number, whole or not.
    public BigDecimal requiredNumber(String key) throws CorruptFormatException {
        return get(key, Number.class, "a number")
                .map(number -> new BigDecimal(number.toString()))
                .orElseThrow(() -> corrupt(key, "is missing"));
    }

    public boolean flag(String key) throws CorruptFormatException {
        return get(key, Boolean.class, "true or false").orElse(false);
    }

    /// The object under `key`; an empty one where there is none.
    public JsonObject object(String key) throws CorruptFormatException {
        Optional<Map<?, ?>> map = get(key, Map.class, "an object").map(value -> (Map<?, ?>) value);
        return new JsonObject(file, map.isPresent() ? cast(map.get()) : Map.of());
    }

    /// The objects listed under `key`; none where there is no list.
    public List<JsonObject> objects(String key) throws CorruptFormatException {
        List<JsonObject> objects = new ArrayList<>();
        for (Object item : list(key)) {
            if (!(item instanceof Map<?, ?> map)) {
                throw corrupt(key, "holds something that is no object");
            }
            objects.add(new JsonObject(file, cast(map)));
        }
        return objects;
    }

    /// The texts listed under `key`; none where there is no list.
    public List<String> texts(String key) throws CorruptFormatException {
        List<String> texts = new ArrayList<>();
        for (Object item : list(key)) {
            if (!(item instanceof String text)) {
                throw corrupt(key, "holds something that is no text");
            }
            texts.add(text);
        }
        return texts;
    }

    /// Every value as text, as in a label set.
    public Map<String, String> textMap() throws CorruptFormatException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String key : fields.keySet()) {
            texts.put(key, requiredText(key));
        }
        return texts;
    }

    /// This object with `key` set, at the end if it is new. A value is text, a number, a boolean, a [JsonObject], a
    /// list or a map of these.
    public JsonObject with(String key, Object value) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(fields);
        changed.put(key, plain(value));
        return new JsonObject(file, changed);
    }

    /// As [#with] unless the value is what Go calls empty: zero, false, "", or without elements.
    public JsonObject withUnlessEmpty(String key, Object value) {
        boolean empty = switch (value) {
            case String text -> text.isEmpty();
            case Number number -> number.longValue() == 0;
            case Boolean flag -> !flag;
            case List<?> list -> list.isEmpty();
            default -> false;
        };
        return empty ? this : with(key, value);
    }

    /// This object without `key`.
    public JsonObject without(String key) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(fields);
        changed.remove(key);
        return new JsonObject(file, changed);
    }

    /// This object, then those keys of `original` that are not in `known`: what a rewrite must carry along.
    public JsonObject keeping(JsonObject original, Set<String> known) {
        JsonObject merged = this;
        for (Map.Entry<String, @Nullable Object> field : original.fields.entrySet()) {
            if (!known.contains(field.getKey()) && !fields.containsKey(field.getKey())) {
                Map<String, @Nullable Object> changed = new LinkedHashMap<>(merged.fields);
                changed.put(field.getKey(), field.getValue());
                merged = new JsonObject(file, changed);
            }
        }
        return merged;
    }

    /// As Go's `json.MarshalIndent(v, "", "\t")`, UTF-8.
    public byte[] toIndentedBytes() {
        return GoJson.indented(fields);
    }

    /// As Go's `json.Marshal(v)`, UTF-8.
    public byte[] toCompactBytes() {
        return GoJson.compact(fields);
    }

    /// An error that names the file and the key.
    public CorruptFormatException corrupt(String key, String problem) {
        return new CorruptFormatException(file, 0, "'" + key + "' " + problem);
    }

    private <T> Optional<T> get(String key, Class<T> type, String wanted) throws CorruptFormatException {
        Object value = fields.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw corrupt(key, "is not " + wanted);
        }
        return Optional.of(type.cast(value));
    }

    private List<?> list(String key) throws CorruptFormatException {
        return get(key, List.class, "a list").map(value -> (List<?>) value).orElse(List.of());
    }

    private static Map<String, @Nullable Object> cast(Map<?, ?> map) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        map.forEach((key, value) -> fields.put(String.valueOf(key), value));
        return fields;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case JsonObject object -> object.fields;
            case List<?> list -> list.stream().map(JsonObject::plain).toList();
            default -> value;
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonObject object && fields.equals(object.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    @Override
    public String toString() {
        return new String(toCompactBytes(), StandardCharsets.UTF_8);
    }
}
