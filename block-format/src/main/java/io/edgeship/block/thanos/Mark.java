package io.edgeship.block.thanos;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import java.io.IOException;
import java.time.Instant;

/// A small object beside a block that says what must (not) happen to it. Times have whole seconds.
public sealed interface Mark {
    int VERSION = 1;

    BlockId id();

    /// For people; may be empty.
    String details();

    /// The bytes as Thanos writes them.
    byte[] toJson();

    /// The block is to be deleted once `at` lies far enough in the past.
    record Deletion(BlockId id, String details, Instant at) implements Mark {
        public static final String FILE_NAME = "deletion-mark.json";

        public static Deletion parse(String file, byte[] json) throws IOException {
            JsonObject mark = read(file, json);
            return new Deletion(idOf(mark), mark.text("details").orElse(""), time(mark, "deletion_time"));
        }

        @Override
        public byte[] toJson() {
            return begin(id, details).with("deletion_time", at.getEpochSecond()).toCompactBytes();
        }
    }

    /// Compaction leaves the block out.
    record NoCompact(BlockId id, String details, Instant at, String reason) implements Mark {
        public static final String FILE_NAME = "no-compact-mark.json";

        public static NoCompact parse(String file, byte[] json) throws IOException {
            JsonObject mark = read(file, json);
            return new NoCompact(
                    idOf(mark),
                    mark.text("details").orElse(""),
                    time(mark, "no_compact_time"),
                    mark.text("reason").orElse(""));
        }

        @Override
        public byte[] toJson() {
            return begin(id, details)
                    .with("no_compact_time", at.getEpochSecond())
                    .with("reason", reason)
                    .toCompactBytes();
        }
    }

    /// Downsampling leaves the block out.
    record NoDownsample(BlockId id, String details, Instant at, String reason) implements Mark {
        public static final String FILE_NAME = "no-downsample-mark.json";

        public static NoDownsample parse(String file, byte[] json) throws IOException {
            JsonObject mark = read(file, json);
            return new NoDownsample(
                    idOf(mark),
                    mark.text("details").orElse(""),
                    time(mark, "no_downsample_time"),
                    mark.text("reason").orElse(""));
        }

        @Override
        public byte[] toJson() {
            return begin(id, details)
                    .with("no_downsample_time", at.getEpochSecond())
                    .with("reason", reason)
                    .toCompactBytes();
        }
    }

    private static JsonObject read(String file, byte[] json) throws IOException {
        JsonObject mark = JsonObject.parse(file, json);
        long version = mark.requiredInteger("version");
        if (version != VERSION) {
            throw new UnsupportedVersionException(
                    file, Math.toIntExact(Math.clamp(version, 0, Integer.MAX_VALUE)), VERSION);
        }
        return mark;
    }

    private static BlockId idOf(JsonObject mark) throws IOException {
        String text = mark.requiredText("id");
        return BlockId.tryParse(text).orElseThrow(() -> mark.corrupt("id", "is '" + text + "', not a ULID"));
    }

    private static Instant time(JsonObject mark, String key) throws IOException {
        long seconds = mark.requiredInteger(key);
        if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
            throw mark.corrupt(key, "is " + seconds + ", not a time");
        }
        return Instant.ofEpochSecond(seconds);
    }

    private static JsonObject begin(BlockId id, String details) {
        return JsonObject.empty()
                .with("id", id.toString())
                .with("version", VERSION)
                .withUnlessEmpty("details", details);
    }
}
