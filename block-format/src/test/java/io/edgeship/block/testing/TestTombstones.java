package io.edgeship.block.testing;

import io.edgeship.block.tsdb.tombstones.Tombstone;
import io.edgeship.block.tsdb.tombstones.Tombstones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Writes the file of what was deleted from a block.
public final class TestTombstones {
    private TestTombstones() {}

    /// In place of the one that `block` may have.
    public static void write(Path block, List<Tombstone> tombstones) throws IOException {
        ByteSink body = new ByteSink();
        for (Tombstone stone : tombstones) {
            body.uvarint(stone.seriesRef()).varint(stone.minTime()).varint(stone.maxTime());
        }
        byte[] file = new ByteSink().u32(0x0130BA30L).u8(1).checked(body).toByteArray();
        Files.write(block.resolve(Tombstones.FILE_NAME), file);
    }
}
