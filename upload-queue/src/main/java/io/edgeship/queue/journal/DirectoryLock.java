package io.edgeship.queue.journal;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// One owner a directory, by a lock on a file in it that holds the owner's pid. The kernel drops the
/// lock when the process ends, however it ends; the file stays.
public final class DirectoryLock implements AutoCloseable {
    /// POSIX drops a process's lock when the process closes *any* descriptor of the file, so this process must not
    /// even open one that it holds.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private static final int PID_BYTES_MAX = 20;

    private final Path file;
    private final FileChannel channel;

    private DirectoryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Somebody else has the lock.
    public static final class LockedException extends IOException {
        private static final long serialVersionUID = 1;

        private final String holder;

        LockedException(Path file, String holder) {
            super("%s is locked by process %s".formatted(file, holder));
            this.holder = holder;
        }

        /// What the lock file says of the owner: a pid, or `unknown`.
        public String holder() {
            return holder;
        }
    }

    /// @throws LockedException if another owner, in this process or another, has it
    public static DirectoryLock acquire(Path directory, String name) throws IOException {
        Path file = directory.toRealPath().resolve(name);
        if (!HELD_HERE.add(file)) {
            throw new LockedException(
                    file, Long.toString(ProcessHandle.current().pid()));
        }
        try {
            return new DirectoryLock(file, open(file));
        } catch (IOException | RuntimeException e) {
            HELD_HERE.remove(file);
            throw e;
        }
    }

    private static FileChannel open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE);
        try {
            Optional<FileLock> lock = Optional.ofNullable(channel.tryLock());
            if (lock.isEmpty()) {
                throw new LockedException(file, holder(channel));
            }
            byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            channel.truncate(0).write(ByteBuffer.wrap(pid), 0); // for people; the lock does not need it
            return channel;
        } catch (IOException | RuntimeException e) {
            try {
                channel.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(PID_BYTES_MAX);
        channel.read(pid, 0);
        String text = StandardCharsets.US_ASCII.decode(pid.flip()).toString();
        return text.matches("[0-9]+") ? text : "unknown";
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close(); // drops the lock
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
