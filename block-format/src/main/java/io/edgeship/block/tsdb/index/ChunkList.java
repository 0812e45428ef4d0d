package io.edgeship.block.tsdb.index;

import io.edgeship.block.encoding.FormatWriter;
import io.edgeship.block.tsdb.chunks.ChunkRef;
import java.io.IOException;
import java.util.List;

/// The chunks of a series entry: the first in full, the others by how they differ from the one before.
record ChunkList(List<ChunkMeta> chunks) {
    private interface Sink {
        void unsigned(long value) throws IOException;

        void signed(long value) throws IOException;
    }

    void write(FormatWriter out) throws IOException {
        give(new Sink() {
            @Override
            public void unsigned(long value) throws IOException {
                out.uvarint(value);
            }

            @Override
            public void signed(long value) throws IOException {
                out.varint(value);
            }
        });
    }

    long sizeBytes() {
        long[] bytes = {0};
        try {
            give(new Sink() {
                @Override
                public void unsigned(long value) {
                    bytes[0] += FormatWriter.uvarintBytes(value);
                }

                @Override
                public void signed(long value) {
                    unsigned((value << 1) ^ (value >> (Long.SIZE - 1)));
                }
            });
        } catch (IOException e) {
            throw new AssertionError("counting writes nothing", e);
        }
        return bytes[0];
    }

    private void give(Sink sink) throws IOException {
        sink.unsigned(chunks.size());
        long maxTime = 0;
        long ref = 0;
        for (int i = 0; i < chunks.size(); i++) {
            ChunkMeta chunk = chunks.get(i);
            long packed = packed(chunk.ref());
            if (i == 0) {
                sink.signed(chunk.minTime());
                sink.unsigned(chunk.maxTime() - chunk.minTime());
                sink.unsigned(packed);
            } else {
                sink.unsigned(chunk.minTime() - maxTime);
                sink.unsigned(chunk.maxTime() - chunk.minTime());
                sink.signed(packed - ref);
            }
            maxTime = chunk.maxTime();
            ref = packed;
        }
    }

    private static long packed(ChunkRef ref) {
        return Integer.toUnsignedLong(ref.segment()) << Integer.SIZE | ref.offset();
    }
}
