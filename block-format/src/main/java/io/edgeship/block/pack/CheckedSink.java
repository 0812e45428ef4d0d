package io.edgeship.block.pack;

import io.edgeship.block.encoding.ByteSink;
import io.edgeship.block.encoding.CorruptFormatException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// A file on its way out of a pack: no longer than declared, and finished only if it hashes as declared. Not
/// thread-safe.
final class CheckedSink implements ByteSink {
    private final ByteSink out;
    private final PackContents.PackedFile declared;
    private final String pack;
    private final MessageDigest digest = sha256();
    private long written;

    CheckedSink(ByteSink out, PackContents.PackedFile declared, String pack) {
        this.out = out;
        this.declared = declared;
        this.pack = pack;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String name() {
        return out.name();
    }

    @Override
    public void write(byte[] bytes, int at, int length) throws IOException {
        written += length;
        if (written > declared.sizeBytes()) {
            throw new CorruptFormatException(
                    pack,
                    0,
                    "%s is longer than the %d bytes declared".formatted(declared.path(), declared.sizeBytes()));
        }
        digest.update(bytes, at, length);
        out.write(bytes, at, length);
    }

    @Override
    public void finish() throws IOException {
        if (written != declared.sizeBytes() || !Arrays.equals(digest.digest(), declared.sha256())) {
            throw new CorruptFormatException(pack, 0, declared.path() + " does not hash as declared");
        }
        out.finish();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
