package io.edgeship.bucket.file;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.BucketException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/// Bodies on their way in: written to a file of their own and forced, ready to be renamed.
final class Staging {
    /// No body takes longer; what is older was left by a crash.
    private static final Duration LEFTOVER_AGE = Duration.ofDays(1);

    private static final int BUFFER_BYTES = 64 << 10;

    private final Path dir;
    private final AtomicBoolean swept = new AtomicBoolean();

    Staging(Path dir) {
        this.dir = dir;
    }

    /// A forced file and the MD5 of what is in it. Closing removes the file unless it was moved away.
    record Staged(Path file, String md5Hex) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            Files.deleteIfExists(file);
        }
    }

    /// Writes to a file that is being staged.
    interface Writer {
        void write(FileChannel out, MessageDigest md5) throws IOException;
    }

    Staged stage(Body body) throws IOException {
        Staged staged = stage((out, md5) -> copy(body, out, md5));
        return new Staged(staged.file(), tag(body).orElse(staged.md5Hex()));
    }

    Staged stage(Writer writer) throws IOException {
        DurableFiles.createDirectories(dir);
        sweepOnce();
        Path file = dir.resolve(UUID.randomUUID().toString());
        MessageDigest md5 = md5();
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writer.write(out, md5);
            out.force(true); // before the rename: else the new name could point at missing bytes
        } catch (IOException e) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException cleaning) {
                e.addSuppressed(cleaning);
            }
            throw e;
        }
        return new Staged(file, HexFormat.of().formatHex(md5.digest()));
    }

    /// What names the bytes, where the sender knows it: 32 letters of their MD5, else zeroes and their CRC32C.
    static Optional<String> tag(Body body) {
        return body.md5Hex()
                .or(() -> body.crc32c().stream()
                        .mapToObj(crc -> "%032x".formatted(Integer.toUnsignedLong(crc)))
                        .findFirst());
    }

    /// Writes all of the body where `out` stands; `md5` takes it in where nobody knows what names it.
    static void copy(Body body, FileChannel out, MessageDigest md5) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        boolean isKnown = tag(body).isPresent();
        long copied = 0;
        try (InputStream in = open(body)) {
            for (int read = read(in, buffer); read >= 0; read = read(in, buffer)) {
                copied += read;
                if (!isKnown) {
                    md5.update(buffer, 0, read);
                }
                write(out, ByteBuffer.wrap(buffer, 0, read));
            }
        }
        if (copied != body.sizeBytes()) {
            throw new BucketException.BodyUnreadable(
                    "the body gave %d bytes, announced were %d".formatted(copied, body.sizeBytes()), null);
        }
    }

    private static InputStream open(Body body) throws BucketException {
        try {
            return body.open();
        } catch (IOException e) {
            throw new BucketException.BodyUnreadable("opening the bytes to send: " + e.getMessage(), e);
        }
    }

    private static int read(InputStream in, byte[] buffer) throws BucketException {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new BucketException.BodyUnreadable("reading the bytes to send: " + e.getMessage(), e);
        }
    }

    static void write(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private void sweepOnce() throws IOException {
        if (swept.getAndSet(true)) {
            return;
        }
        Instant oldest = Instant.now().minus(LEFTOVER_AGE);
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(dir)) {
            for (Path file : leftovers) {
                sweep(file, oldest);
            }
        }
    }

    private static void sweep(Path file, Instant oldest) throws IOException {
        try {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // It was another writer's, who has just made an object of it.
        }
    }

    static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
