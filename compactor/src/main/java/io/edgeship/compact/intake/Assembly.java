package io.edgeship.compact.intake;

import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.bucket.Bucket;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Turns the pieces of one item into the files of its block, without a disk. First [#readMeta], then [#writeData].
sealed interface Assembly permits PlainAssembly, PackAssembly {
    /// @param partBuffer for one part of an upload
    static Assembly of(Bucket bucket, InboxItem item, ItemPlan plan, byte[] partBuffer) {
        byte[] packedMeta = plan.packedMeta();
        return packedMeta == null
                ? new PlainAssembly(bucket, item, plan, partBuffer)
                : new PackAssembly(bucket, item, plan, packedMeta, partBuffer);
    }

    /// The bytes of meta.json, whose hash is the manifest's; null if a piece is [#damaged], and then all pieces have
    /// been looked at.
    byte @Nullable [] readMeta() throws IOException, RejectedException;

    /// Writes all files but meta.json, and compares what the store holds with what was read (I10).
    ///
    /// @return false if a piece is [#damaged], and then all pieces have been looked at
    /// @throws RejectedException           if all pieces are whole and do not make the files of the manifest
    /// @throws UnsupportedVersionException if all pieces are whole and hold a pack of a later version
    boolean writeData() throws IOException, RejectedException;

    /// Numbers of pieces that are gone or not what their names say.
    BitSet damaged();

    /// Of pieces, so far.
    long bytesRead();

    static void requireHash(byte[] bytes, PlannedFile file) throws RejectedException {
        if (!MessageDigest.isEqual(Digests.sha256(bytes), file.sha256())) {
            throw new RejectedException("files.sha256", "of " + file.path() + " is another than the manifest's");
        }
    }
}
