package io.edgeship.agent;

import io.edgeship.block.BlockId;
import io.edgeship.queue.Item;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.queue.transport.inbox.InboxTransport;
import io.edgeship.queue.transport.plain.InPlaceTransport;
import io.edgeship.queue.transport.plain.PlainTransport;
import java.io.IOException;
import java.util.Optional;

/// How far items got. Of the one that is on its way the transport tells; of others what is kept beside them.
/// Thread-safe.
final class ItemProgress implements UploadProgress {
    private final AgentConfig.Transport transport;
    private final UploadProgress told;
    private volatile Optional<Current> current = Optional.empty();

    /// The item that was told of last.
    record Current(BlockId block, long sentBytes, long totalBytes) {}

    /// @param told as well
    ItemProgress(AgentConfig.Transport transport, UploadProgress told) {
        this.transport = transport;
        this.told = told;
    }

    @Override
    public void confirmed(BlockId block, long confirmedBytes, long totalBytes) {
        current = Optional.of(new Current(block, confirmedBytes, totalBytes));
        told.confirmed(block, confirmedBytes, totalBytes);
    }

    /// What is on its way, or was last.
    Optional<Current> current() {
        return current;
    }

    /// What the bucket confirmed of the item.
    long sentBytes(Item item) throws IOException {
        Optional<Current> now = current;
        if (now.isPresent() && now.get().block().equals(item.id())) {
            return now.get().sentBytes();
        }
        return keptBytes(transport, item);
    }

    static long keptBytes(AgentConfig.Transport transport, Item item) throws IOException {
        return switch (transport) {
            case PLAIN ->
                switch (item.kind()) {
                    case BLOCK -> PlainTransport.confirmedBytes(item);
                    case LOGS -> InPlaceTransport.confirmedBytes(item);
                };
            case INBOX, PACKED -> InboxTransport.confirmedBytes(item);
        };
    }

    /// Whether every byte was sent and the centre's answer is outstanding.
    static boolean isDelivered(AgentConfig.Transport transport, Item item) throws IOException {
        return switch (transport) {
            case PLAIN -> false;
            case INBOX, PACKED -> InboxTransport.isDelivered(item);
        };
    }
}
