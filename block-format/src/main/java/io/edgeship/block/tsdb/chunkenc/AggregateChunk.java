package io.edgeship.block.tsdb.chunkenc;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What Thanos' downsampling leaves of a run of samples: up to five chunks, one an aggregate, all over the same
/// windows. The layout is on the package's page.
///
/// @param parts one for each [Aggregate], in their order
public record AggregateChunk(List<Optional<Part>> parts) {
    /// An encoded run of one aggregate.
    ///
    /// @param encodingCode of `data`
    /// @param data         not to be changed
    public record Part(int encodingCode, byte[] data) {}

    /// In the order of the file.
    public enum Aggregate {
        COUNT,
        SUM,
        MIN,
        MAX,
        /// The first raw sample, the counter at each window's end, and the last raw value under the last timestamp
        /// once more, so that resets between chunks are seen.
        COUNTER
    }

    private static final List<Aggregate> ORDER = List.of(Aggregate.values());
    private static final int VARINT_BYTES_MAX = 5;

    public AggregateChunk {
        parts = List.copyOf(parts);
        if (parts.size() != ORDER.size()) {
            throw new IllegalArgumentException(parts.size() + " aggregates");
        }
    }

    public Optional<Part> part(Aggregate aggregate) {
        return parts.get(ORDER.indexOf(aggregate));
    }

    /// @throws CorruptChunkException if a length leads past the end, or bytes are left over
    public static AggregateChunk decode(byte[] data) throws CorruptChunkException {
        List<Optional<Part>> parts = new ArrayList<>();
        Cursor cursor = new Cursor(data);
        for (Aggregate aggregate : ORDER) {
            parts.add(cursor.part(aggregate));
        }
        if (cursor.at != data.length) {
            throw new CorruptChunkException("%d bytes after the last aggregate".formatted(data.length - cursor.at));
        }
        return new AggregateChunk(parts);
    }

    /// How many windows there are: as many as the count has samples; -1 if there is none.
    public static int sampleCount(byte[] data) {
        Cursor cursor = new Cursor(data);
        try {
            Optional<Part> count = cursor.part(Aggregate.COUNT);
            return count.map(part -> ChunkIterator.u16(part.data(), Short.BYTES))
                    .orElse(-1);
        } catch (CorruptChunkException _) {
            return -1;
        }
    }

    private static final class Cursor {
        private final byte[] data;
        private int at;

        Cursor(byte[] data) {
            this.data = data;
        }

        Optional<Part> part(Aggregate aggregate) throws CorruptChunkException {
            long length = length(aggregate);
            if (length == 0) {
                return Optional.empty();
            }
            if (length + 1 > data.length - at) {
                throw new CorruptChunkException(
                        "aggregate %s has %d bytes of %d left".formatted(aggregate, length + 1, data.length - at));
            }
            int encoding = Byte.toUnsignedInt(data[at]);
            byte[] bytes = Arrays.copyOfRange(data, at + 1, at + 1 + (int) length);
            at += 1 + (int) length;
            return Optional.of(new Part(encoding, bytes));
        }

        private long length(Aggregate aggregate) throws CorruptChunkException {
            long value = 0;
            for (int i = 0; i < VARINT_BYTES_MAX && at < data.length; i++) {
                int b = Byte.toUnsignedInt(data[at++]);
                value |= (b & 0x7fL) << (7 * i);
                if (b < 0x80) {
                    return value;
                }
            }
            throw new CorruptChunkException("aggregate %s has no length".formatted(aggregate));
        }
    }

    public byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Optional<Part> part : parts) {
            if (part.isEmpty()) {
                out.write(0);
                continue;
            }
            int rest = part.get().data().length;
            for (; rest >= 0x80; rest >>>= 7) {
                out.write((rest & 0x7f) | 0x80);
            }
            out.write(rest);
            out.write(part.get().encodingCode());
            out.writeBytes(part.get().data());
        }
        return out.toByteArray();
    }
}
