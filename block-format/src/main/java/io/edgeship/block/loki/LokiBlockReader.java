package io.edgeship.block.loki;

import io.edgeship.block.encoding.CorruptFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// Reads the lines of one block while they are unpacked, so that what a hostile block says of itself allocates
/// nothing. Not thread-safe.
final class LokiBlockReader {
    /// Loki refuses lines far below; its gRPC messages end at 4 MiB.
    static final int LINE_BYTES_MAX = 4 << 20;

    private static final int VARINT_BITS = 7;

    private final String file;
    private final int blockOffset;
    private final InputStream plain;
    private final LokiBlockMeta block;
    private final LokiChunkBody body;
    private long at; // in the unpacked block

    LokiBlockReader(String file, int blockOffset, InputStream plain, LokiBlockMeta block, LokiChunkBody body) {
        this.file = file;
        this.blockOffset = blockOffset;
        this.plain = plain;
        this.block = block;
        this.body = body;
    }

    /// Bytes that a codec refuses. Its own exceptions are of every kind, some of them unchecked.
    static final class UnpackingException extends IOException {
        private static final long serialVersionUID = 1;

        UnpackingException(Exception cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }

    static <T> T unpacking(Callable<T> step) throws UnpackingException {
        try {
            return step.call();
        } catch (Exception e) {
            throw new UnpackingException(e);
        }
    }

    void forEach(LokiChunk.EntryConsumer consumer) throws IOException {
        long previousNanos = Long.MIN_VALUE;
        for (int i = 0; i < block.entries(); i++) {
            long timeNanos = varint("time");
            // Not before minNanos either, one would think: but Loki forgets the times of empty lines that come first.
            if (timeNanos < previousNanos || timeNanos > block.maxNanos()) {
                throw corrupt("entry %d is of %d, after %d in a block that ends at %d"
                        .formatted(i, timeNanos, previousNanos, block.maxNanos()));
            }
            previousNanos = timeNanos;
            byte[] line = bytes(uvarint("length of a line"));
            consumer.accept(new LokiEntry(timeNanos, line, body.holdsMetadata() ? metadata() : List.of()));
        }
        if (unpacking(plain::read) >= 0) {
            throw corrupt("more bytes than %d entries".formatted(block.entries()));
        }
    }

    private List<LokiEntry.Pair> metadata() throws IOException {
        long sectionBytes = uvarint("length of metadata");
        long sectionStart = at;
        long count = uvarint("number of pairs");
        if (count < 0 || count > sectionBytes / 2) {
            throw corrupt("%s pairs of metadata in %d bytes".formatted(Long.toUnsignedString(count), sectionBytes));
        }
        List<LokiEntry.Pair> pairs = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            pairs.add(new LokiEntry.Pair(symbol(), symbol()));
        }
        if (at - sectionStart != sectionBytes) {
            throw corrupt("metadata of %d bytes, its length says %d".formatted(at - sectionStart, sectionBytes));
        }
        return pairs;
    }

    private String symbol() throws IOException {
        long number = uvarint("symbol");
        List<String> texts = body.symbols().texts();
        if (number < 0 || number >= texts.size()) {
            throw corrupt("symbol %s of %d".formatted(Long.toUnsignedString(number), texts.size()));
        }
        return texts.get((int) number);
    }

    private byte[] bytes(long length) throws IOException {
        if (length < 0 || length > LINE_BYTES_MAX) {
            throw corrupt("line of %s bytes, limit %d".formatted(Long.toUnsignedString(length), LINE_BYTES_MAX));
        }
        byte[] bytes = unpacking(() -> plain.readNBytes((int) length));
        if (bytes.length < length) {
            throw corrupt("line of %d bytes, %d left".formatted(length, bytes.length));
        }
        at += length;
        return bytes;
    }

    private long varint(String field) throws IOException {
        long value = uvarint(field);
        return value >>> 1 ^ -(value & 1);
    }

    private long uvarint(String field) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += VARINT_BITS) {
            int b = unpacking(plain::read);
            if (b < 0) {
                throw corrupt("ends in a " + field);
            }
            at++;
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw corrupt(field + " does not fit in 64 bits");
    }

    private CorruptFormatException corrupt(String problem) {
        return new CorruptFormatException(
                file, blockOffset, "block, byte %d of its unpacked payload: %s".formatted(at, problem));
    }
}
