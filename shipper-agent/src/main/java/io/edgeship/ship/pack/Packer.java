package io.edgeship.ship.pack;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.pack.BlockPacker;
import io.edgeship.block.pack.PackWatcher;
import io.edgeship.block.pack.UnpackedDirectory;
import java.io.IOException;
import java.nio.file.Path;

/// Packs and unpacks, one block at a time. What it gives its name is whole, verified and forced.
public interface Packer {
    /// Works in this process, in its memory.
    Packer HERE = new Packer() {
        @Override
        public void pack(Path item, Path pack) throws IOException {
            BlockPacker.packShipped(item, pack, PackWatcher.NONE);
        }

        @Override
        public void unpack(Path pack, Path block) throws IOException {
            try {
                UnpackedDirectory.of(pack, block);
            } catch (CorruptFormatException | UnsupportedVersionException e) {
                throw new BadPackException(String.valueOf(e.getMessage()));
            }
        }
    };

    /// @param item directory of a sealed item; of what is in it only the block's files are packed
    /// @param pack to be made, in an existing directory; nothing is left there on failure
    void pack(Path item, Path pack) throws IOException;

    /// @param block directory to be made, in an existing one
    /// @throws BadPackException if the pack is to blame
    /// @throws IOException      if it may well succeed another time
    void unpack(Path pack, Path block) throws IOException;
}
