package io.edgeship.ship;

import io.edgeship.queue.Item;

/// Is told what the ship loop does, on its thread.
public interface ShipEvents {
    /// The bucket confirmed the block.
    ///
    /// @param alreadyThere it was in the bucket before
    void shipped(Item item, long bytesSent, boolean alreadyThere);

    /// Every byte was sent; the centre's receipt is awaited.
    void delivered(Item item, long bytesSent);

    /// The centre would not have the pack; the block's files are to be sent.
    void packRejected(Item item, String reason);

    /// An attempt failed; it will be repeated.
    void failed(Item item, Exception cause);

    /// The block cannot be shipped and was set aside.
    void quarantined(Item item, String reason);
}
