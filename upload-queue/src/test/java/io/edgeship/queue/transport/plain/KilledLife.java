package io.edgeship.queue.transport.plain;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.file.FileBucket;
import io.edgeship.queue.Blocks;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.Spool;
import io.edgeship.queue.journal.DurableFiles;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.UploadProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// A process that takes every block of a source, which deletes it then, evicts each third, and ships the others. Made
/// to be killed.
final class KilledLife {
    private KilledLife() {}

    /// @param args source, spool, bucket directory
    public static void main(String[] args) throws IOException {
        try (Bucket bucket = FileBucket.open(Path.of(args[2]), "");
                Spool spool = Spool.open(Path.of(args[1]))) {
            for (Path block : DurableFiles.children(Path.of(args[0]))) {
                BlockId id = BlockId.parse(block.getFileName().toString());
                if (spool.find(id).isEmpty() && spool.losses().stream().noneMatch(loss -> isOf(loss, id))) {
                    spool.take(id, block);
                }
                delete(block);
            }
            for (Incoming item : spool.incoming()) {
                spool.seal(item.id(), Blocks.sealed(item.id(), item.dir()));
            }
            PieceSizing sizing = new PieceSizing(5 << 20, 8 << 20, () -> 0);
            PlainTransport transport =
                    new PlainTransport(bucket, PlainConfig.DEFAULT, sizing, () -> 0, UploadProgress.NONE);
            for (Item item : spool.ready()) {
                if (isEvicted(item.id())) {
                    spool.drop(item.id(), Blocks.loss(item.id(), Loss.Reason.REASON_EVICTED));
                } else {
                    transport.ship(item);
                    spool.shipped(item, bucket.clock().now().orElseThrow());
                }
            }
        }
    }

    static boolean isEvicted(BlockId id) {
        return id.low() % 3 == 0;
    }

    private static boolean isOf(Loss loss, BlockId id) {
        return loss.getUlid().equals(id.toString());
    }

    private static void delete(Path block) throws IOException {
        try (var walk = Files.walk(block)) {
            for (Path child : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(child);
            }
        }
    }
}
