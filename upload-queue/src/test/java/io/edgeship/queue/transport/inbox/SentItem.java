package io.edgeship.queue.transport.inbox;

import io.edgeship.queue.Blocks;
import io.edgeship.queue.Item;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.UploadProgress;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Tests that begin with one item, sent whole, and a centre that has not looked at it.
abstract class SentItem {
    static final int PIECE = 1000;

    @TempDir
    Path dir;

    final InboxStore store = new InboxStore();
    final FakeCentre centre = new FakeCentre(store);
    InboxTransport transport = newTransport();
    Item item;

    @BeforeEach
    final void sendItem() throws IOException {
        item = SealedItems.write(dir, Blocks.A, 3500);
        transport.ship(item);
    }

    /// One that remembers nothing, as after a restart.
    final InboxTransport newTransport() {
        return new InboxTransport(
                store.bucket(),
                InboxStore.SITE,
                InboxStore.INCARNATION,
                "1.2.3",
                new PieceSizing(PIECE, PIECE, () -> 0),
                UploadProgress.NONE);
    }
}
