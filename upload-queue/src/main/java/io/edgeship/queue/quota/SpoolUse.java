package io.edgeship.queue.quota;

import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.Quarantined;
import io.edgeship.queue.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a spool costs its disk.
///
/// @param ownBytes    of files that have no name outside the spool: copies, and links whose source has let go
/// @param sharedBytes of files that the source still holds too; deleting them here frees nothing
/// @param freeBytes   of the disk
public record SpoolUse(long ownBytes, long sharedBytes, long freeBytes) {
    /// The caller holds the spool's monitor.
    public static SpoolUse of(Spool spool, long freeBytes) throws IOException {
        List<Path> items = new ArrayList<>();
        spool.incoming().stream().map(Incoming::dir).forEach(items::add);
        spool.ready().stream().map(Item::dir).forEach(items::add);
        spool.quarantined().stream().map(Quarantined::dir).forEach(items::add);
        long own = 0;
        long shared = 0;
        for (Path item : items) {
            Footprint footprint = Footprint.of(item);
            own += footprint.ownBytes();
            shared += footprint.sharedBytes();
        }
        return new SpoolUse(own, shared, freeBytes);
    }

    public long allBytes() {
        return ownBytes + sharedBytes;
    }

    /// After another block was linked.
    public SpoolUse plus(long blockBytes) {
        return new SpoolUse(ownBytes, sharedBytes + blockBytes, freeBytes);
    }
}
