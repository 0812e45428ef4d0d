package io.edgeship.block.loki;

import java.util.List;

/// One log line.
///
/// @param timeNanos since 1970
/// @param line      as it was pushed, UTF-8 as a rule; the receiver's own
/// @param metadata  structured metadata, in the order of the file
public record LokiEntry(long timeNanos, byte[] line, List<Pair> metadata) {
    /// A name and its value.
    public record Pair(String name, String value) {}

    public LokiEntry {
        metadata = List.copyOf(metadata);
    }
}
