package io.edgeship.block.loki;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// The JSON header of a Loki chunk.
///
/// @param fingerprint   of the stream, an unsigned 64-bit number
/// @param tenant        `userID` in the file; `fake` where Loki runs without tenants
/// @param fromMillis    first entry, milliseconds since 1970
/// @param throughMillis last entry
/// @param labels        the stream's labels with Loki's own `__name__="logs"`, in the order of UTF-8
/// @param ingestedMillis when Loki took the lines in, or null where its version does not say
/// @param encoding      129 for a log chunk, 128 for its older spelling
public record LokiChunkHeader(
        long fingerprint,
        String tenant,
        long fromMillis,
        long throughMillis,
        SortedMap<String, String> labels,
        @Nullable Long ingestedMillis,
        int encoding) {}
