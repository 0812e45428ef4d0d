package io.edgeship.block.loki;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is to become of a chunk.
///
/// @param tenant its new tenant, or null to keep it
/// @param labels added to its stream
/// @param codec  its new codec, or null to keep its blocks as they are, to the byte
public record LokiChunkEdit(
        @Nullable String tenant,
        Map<String, String> labels,
        @Nullable LokiCodec codec) {
    public LokiChunkEdit {
        labels = Map.copyOf(labels);
        if (tenant != null && !LokiDayIndexes.isTenant(tenant)) {
            throw new IllegalArgumentException("no tenant is called '" + tenant + "'");
        }
        labels.forEach((name, value) -> {
            if (name.isEmpty() || name.equals("__name__") || value.isEmpty()) {
                throw new IllegalArgumentException("label %s=\"%s\"".formatted(name, value));
            }
        });
    }
}
