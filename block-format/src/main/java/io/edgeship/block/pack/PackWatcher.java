package io.edgeship.block.pack;

/// Is told how far a packing or unpacking is, now and again, on the thread that does it.
@FunctionalInterface
public interface PackWatcher {
    PackWatcher NONE = (_, _) -> {};

    /// @param done  of the block's bytes; a packer counts each twice, for it unpacks them again
    /// @param total where it ends, about
    void bytes(long done, long total);
}
