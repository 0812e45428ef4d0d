package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Reads the spool's small JSON files; every complaint names the file and the key.
final class SpoolJson {
    /// A record of a block with ten thousand sources has 300 KiB.
    private static final long BYTES_MAX = 4 << 20;

    private SpoolJson() {}

    static JsonObject read(Path file) throws IOException {
        if (Files.size(file) > BYTES_MAX) {
            throw new CorruptFormatException(file.toString(), BYTES_MAX, "longer than any file of a spool");
        }
        return JsonObject.parse(file.toString(), Files.readAllBytes(file));
    }

    static Instant instant(JsonObject json, String key) throws CorruptFormatException {
        String text = json.requiredText(key);
        try {
            return Instant.parse(text);
        } catch (DateTimeException _) {
            throw json.corrupt(key, "is '" + text + "', not a time");
        }
    }

    /// The ULIDs listed under `key`; none where there is no list.
    static List<BlockId> blocks(JsonObject json, String key) throws CorruptFormatException {
        List<BlockId> blocks = new ArrayList<>();
        for (String text : json.texts(key)) {
            blocks.add(BlockId.tryParse(text).orElseThrow(() -> json.corrupt(key, "has '" + text + "', not a ULID")));
        }
        return blocks;
    }

    static List<String> texts(Collection<BlockId> blocks) {
        return blocks.stream().map(BlockId::toString).toList();
    }

    static TimeRange range(JsonObject json) throws CorruptFormatException {
        long minTime = json.requiredInteger("min_time");
        long maxTime = json.requiredInteger("max_time");
        if (maxTime < minTime) {
            throw json.corrupt("max_time", "is %d, before min_time %d".formatted(maxTime, minTime));
        }
        return new TimeRange(minTime, maxTime);
    }
}
