package io.edgeship.block.message;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.message.v1.Loss;

/// Reads heartbeats and loss records. A message of a later version is never read as one that this build knows: its
/// fields may mean something else. Callers leave it where it is and name it.
public final class SiteMessages {
    /// The version that this build writes, and the only one there has been.
    public static final int VERSION = 1;

    private static final MessageVersions VERSIONS = new MessageVersions(VERSION);

    /// A heartbeat that owes a thousand blocks has 30 kB; this is far above what any site writes.
    public static final int BYTES_MAX = 1 << 20;

    private SiteMessages() {}

    /// @param file stands for the bytes in errors
    /// @throws CorruptFormatException      for bytes that are no heartbeat, above all none at all, or too many
    /// @throws UnsupportedVersionException for a heartbeat of a later version
    public static Heartbeat heartbeat(String file, byte[] bytes)
            throws CorruptFormatException, UnsupportedVersionException {
        requireSize(file, bytes);
        try {
            Heartbeat heartbeat = Heartbeat.parseFrom(bytes);
            VERSIONS.require(file, heartbeat.getVersion());
            return heartbeat;
        } catch (InvalidProtocolBufferException e) {
            throw new CorruptFormatException(file, 0, "is no heartbeat: " + e.getMessage());
        }
    }

    /// @param file stands for the bytes in errors
    /// @throws CorruptFormatException      for bytes that are no loss record, above all none at all, or too many
    /// @throws UnsupportedVersionException for a loss record of a later version
    public static Loss loss(String file, byte[] bytes) throws CorruptFormatException, UnsupportedVersionException {
        requireSize(file, bytes);
        try {
            Loss loss = Loss.parseFrom(bytes);
            VERSIONS.require(file, loss.getVersion());
            return loss;
        } catch (InvalidProtocolBufferException e) {
            throw new CorruptFormatException(file, 0, "is no loss record: " + e.getMessage());
        }
    }

    private static void requireSize(String file, byte[] bytes) throws CorruptFormatException {
        if (bytes.length > BYTES_MAX) {
            throw new CorruptFormatException(file, BYTES_MAX, "longer than any message of a site");
        }
    }
}
