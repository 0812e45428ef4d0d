package io.edgeship.block.encoding;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file read at positions. Nothing is mapped: mapped pages count as memory of the process (I7).
public final class FileSource implements ByteSource {
    private final Path file;
    private final FileChannel channel;
    private final long size;

    private FileSource(Path file, FileChannel channel, long size) {
        this.file = file;
        this.channel = channel;
        this.size = size;
    }

    public static FileSource open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new FileSource(file, channel, channel.size());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int at, int length) throws IOException {
        ByteBuffer into = ByteBuffer.wrap(target, at, length);
        while (into.hasRemaining()) {
            if (channel.read(into, offset + into.position() - at) < 0) {
                throw new IOException(file + " shrank while it was read");
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
