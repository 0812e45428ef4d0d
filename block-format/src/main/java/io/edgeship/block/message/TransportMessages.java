package io.edgeship.block.message;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.message.v1.Receipt;

/// Reads manifests and receipts: what agent and centre say to each other about an item in the inbox. A message of a
/// later version, or with a kind or codec that this build does not know, is held for a later build.
public final class TransportMessages {
    /// The version that this build writes, and the only one there has been.
    public static final int VERSION = 1;

    /// More pieces than any item has: 12 GiB in the smallest pieces.
    public static final int PIECES_MAX = 200_000;

    /// A receipt that misses [#PIECES_MAX] pieces has 3.8 MB, their manifest 1.6 MB.
    public static final int BYTES_MAX = 4 << 20;

    /// More files than any block has.
    public static final int FILES_MAX = 10_000;

    private static final int FIELDS_MAX = 5 * PIECES_MAX;

    /// Lengths and checksums, ten bytes a piece at most.
    private static final int LISTS_BYTES_MAX = 10 * PIECES_MAX;

    private static final MessageSize MANIFEST_SIZE =
            new MessageSize(BYTES_MAX, FIELDS_MAX, Manifest.FILES_FIELD_NUMBER, FILES_MAX, LISTS_BYTES_MAX);
    private static final MessageSize RECEIPT_SIZE =
            new MessageSize(BYTES_MAX, FIELDS_MAX, Receipt.MISSING_FIELD_NUMBER, PIECES_MAX, LISTS_BYTES_MAX);

    private static final MessageVersions VERSIONS = new MessageVersions(VERSION);

    private TransportMessages() {}

    /// Says only that the message is one; what it claims is for the reader to check.
    ///
    /// @param file stands for the bytes in errors
    /// @throws CorruptFormatException      for bytes that are no manifest, or hold more than any
    /// @throws UnsupportedVersionException for a manifest of a later version, or of a kind or codec unknown here
    public static Manifest manifest(String file, byte[] bytes)
            throws CorruptFormatException, UnsupportedVersionException {
        MANIFEST_SIZE.require(file, bytes);
        try {
            Manifest manifest = Manifest.parseFrom(bytes);
            VERSIONS.require(file, manifest.getVersion());
            if (manifest.getKind() == Manifest.Kind.UNRECOGNIZED
                    || manifest.getCodec() == Manifest.Codec.UNRECOGNIZED) {
                throw new UnsupportedVersionException(file, manifest.getVersion(), VERSION);
            }
            return manifest;
        } catch (InvalidProtocolBufferException e) {
            throw new CorruptFormatException(file, 0, "is no manifest: " + e.getMessage());
        }
    }

    /// @param file stands for the bytes in errors
    /// @throws CorruptFormatException      for bytes that are no receipt, or hold more than any
    /// @throws UnsupportedVersionException for a receipt of a later version, or with a verdict unknown here
    public static Receipt receipt(String file, byte[] bytes)
            throws CorruptFormatException, UnsupportedVersionException {
        RECEIPT_SIZE.require(file, bytes);
        try {
            Receipt receipt = Receipt.parseFrom(bytes);
            VERSIONS.require(file, receipt.getVersion());
            if (receipt.getVerdict() == Receipt.Verdict.UNRECOGNIZED) {
                throw new UnsupportedVersionException(file, receipt.getVersion(), VERSION);
            }
            return receipt;
        } catch (InvalidProtocolBufferException e) {
            throw new CorruptFormatException(file, 0, "is no receipt: " + e.getMessage());
        }
    }
}
