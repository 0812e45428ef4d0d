package io.edgeship.runtime.log;

import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The keys and values of one log record, in pairs.
final class KeyValues {
    private static final Pattern SECRET = Pattern.compile(
            "secret|passw|token|authorization|credential|cookie|(access|api|private|encryption)[_-]?key");

    private final @Nullable Object[] pairs;

    KeyValues(@Nullable Object... pairs) {
        this.pairs = pairs.clone();
    }

    void forEach(BiConsumer<String, String> consumer) {
        for (int i = 0; i < pairs.length; i += 2) {
            String key = String.valueOf(pairs[i]);
            boolean secret = SECRET.matcher(key.toLowerCase(Locale.ROOT)).find();
            String value = i + 1 < pairs.length ? String.valueOf(pairs[i + 1]) : "(no value)";
            consumer.accept(key, secret ? "***" : value);
        }
    }
}
