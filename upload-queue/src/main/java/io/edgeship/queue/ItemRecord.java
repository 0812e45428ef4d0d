package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// `item.json`: what an item says of itself.
record ItemRecord(BlockId id, String source, long takenAtMillis, long sizeBytes, long copiedBytes) {
    static final String FILE_NAME = "item.json";

    static final int VERSION = 1;

    /// @throws UnsupportedVersionException for an item that a later agent wrote
    static ItemRecord read(Path itemDir) throws IOException {
        Path file = itemDir.resolve(FILE_NAME);
        JsonObject json = JsonObject.parse(file.toString(), Files.readAllBytes(file));
        requireVersion(file, json);
        return new ItemRecord(
                idOf(json, "ulid"),
                json.text("source").orElse(""),
                json.integer("taken_at", 0),
                json.integer("size_bytes", 0),
                json.integer("copied_bytes", 0));
    }

    byte[] toJson() {
        return JsonObject.empty()
                .with("version", VERSION)
                .with("kind", "block")
                .with("ulid", id.toString())
                .with("source", source)
                .with("taken_at", takenAtMillis)
                .with("size_bytes", sizeBytes)
                .with("copied_bytes", copiedBytes)
                .toIndentedBytes();
    }

    static void requireVersion(Path file, JsonObject json) throws IOException {
        long version = json.requiredInteger("version");
        if (version != VERSION) {
            throw new UnsupportedVersionException(
                    file.toString(), Math.toIntExact(Math.clamp(version, 0, Integer.MAX_VALUE)), VERSION);
        }
    }

    static BlockId idOf(JsonObject json, String key) throws IOException {
        String text = json.requiredText(key);
        return BlockId.tryParse(text).orElseThrow(() -> json.corrupt(key, "is '" + text + "', not a ULID"));
    }
}
