package io.edgeship.block.message;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;

/// Which versions of a message a build reads: its own and the two before. The centre is upgraded first, so what it
/// meets is older, or written by an agent that was upgraded too early; that is held, never read as something it is not.
///
/// @param newest what this build writes
record MessageVersions(int newest) {
    private static final int FORMER_READ = 2;

    /// The oldest version that is read.
    int oldest() {
        return Math.max(1, newest - FORMER_READ);
    }

    /// @param version as it stands in the message: unsigned, 0 for bytes without a version, above all for none
    void require(String file, int version) throws CorruptFormatException, UnsupportedVersionException {
        if (version == 0) {
            throw new CorruptFormatException(file, 0, "has no version");
        }
        if (version < oldest() || version > newest) {
            int printable = version < 0 ? Integer.MAX_VALUE : version;
            throw new UnsupportedVersionException(file, printable, newest);
        }
    }
}
