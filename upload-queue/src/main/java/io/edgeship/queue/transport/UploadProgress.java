package io.edgeship.queue.transport;

import io.edgeship.block.BlockId;

/// Is told how far a block got, on the thread that ships it.
@FunctionalInterface
public interface UploadProgress {
    UploadProgress NONE = (_, _, _) -> {};

    /// @param confirmedBytes what the bucket has acknowledged of this block so far, earlier attempts included
    void confirmed(BlockId block, long confirmedBytes, long totalBytes);
}
