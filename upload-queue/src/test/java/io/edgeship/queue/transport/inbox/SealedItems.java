package io.edgeship.queue.transport.inbox;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.queue.Blocks;
import io.edgeship.queue.Item;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/// Items as they lie in `ready/`: two segments, an index, a sealed `meta.json`.
final class SealedItems {
    static final List<String> FILES = List.of("chunks/000001", "chunks/000002", "index", "meta.json");

    private SealedItems() {}

    static Item write(Path parent, BlockId id, int chunkBytes) throws IOException {
        Path dir = Blocks.write(parent, id, chunkBytes);
        byte[] first = Files.readAllBytes(dir.resolve("chunks/000001"));
        Files.write(dir.resolve("chunks/000002"), Arrays.copyOfRange(first, first.length / 2, first.length));
        Files.write(dir.resolve("meta.json"), Blocks.sealed(id, dir).toJson());
        return new Item(id, new TimeRange(0, 7200), dir, "", Instant.EPOCH, 2L * chunkBytes, 0);
    }

    /// The stream that goes out, read without the code under test.
    static byte[] stream(Item item) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (String file : FILES) {
            whole.writeBytes(Files.readAllBytes(item.dir().resolve(file)));
        }
        return whole.toByteArray();
    }
}
