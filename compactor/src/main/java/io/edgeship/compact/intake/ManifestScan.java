package io.edgeship.compact.intake;

import static io.edgeship.compact.intake.RejectedException.require;

import com.google.protobuf.CodedInputStream;
import io.edgeship.block.message.TransportMessages;
import java.io.IOException;

/// Looks over the bytes of a manifest before they become objects: a few bytes a field, millions of fields, would take
/// far more memory than any manifest is worth.
final class ManifestScan {
    /// A block of 5 TiB has as many files; each is one field. Pieces are packed into two.
    private static final int FIELDS_MAX = 20_000;

    /// Of one file: a path, a number and a hash.
    private static final int FILE_BYTES_MAX = 1024;

    private static final int FILES_FIELD = 7;
    private static final int ATTEMPT_FIELD = 10;
    private static final int TAG_BITS = 3;

    private ManifestScan() {}

    /// @return the attempt, whose field is the same in every version; 0 where there is none
    static int attempt(byte[] bytes) throws RejectedException {
        require(
                bytes.length <= TransportMessages.BYTES_MAX,
                "manifest.size",
                "has more than %d bytes",
                TransportMessages.BYTES_MAX);
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        int attempt = 0;
        int fields = 0;
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                require(++fields <= FIELDS_MAX, "manifest.fields", "there are more than %d", FIELDS_MAX);
                int begin = in.getTotalBytesRead();
                if (tag == ATTEMPT_FIELD << TAG_BITS) {
                    attempt = in.readUInt32();
                } else {
                    in.skipField(tag);
                }
                require(
                        tag >>> TAG_BITS != FILES_FIELD || in.getTotalBytesRead() - begin <= FILE_BYTES_MAX,
                        "manifest.fields",
                        "a file's entry has more than %d bytes",
                        FILE_BYTES_MAX);
            }
        } catch (IOException e) {
            throw new RejectedException("manifest", "cannot be read: " + e.getMessage());
        }
        return attempt;
    }
}
