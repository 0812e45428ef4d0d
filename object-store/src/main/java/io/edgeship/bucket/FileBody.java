package io.edgeship.bucket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A range of a file as a body. Nothing is buffered or mapped; each [#open] opens the file anew, and
/// fails if the file has become too short since.
public record FileBody(Path file, long offset, long length) implements Body {
    public FileBody {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("range of %d bytes at %d of %s".formatted(length, offset, file));
        }
    }

    @Override
    public long sizeBytes() {
        return length;
    }

    @Override
    public InputStream open() throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            if (channel.size() < offset + length) {
                throw new IOException("%s has %d bytes, want %d at %d".formatted(file, channel.size(), length, offset));
            }
            channel.position(offset);
            return new ExactLengthStream(Channels.newInputStream(channel), "reading " + file, length);
        } catch (IOException e) {
            try (channel) {
                throw e;
            }
        }
    }
}
