package io.edgeship.block.tsdb.chunkenc;

import java.io.IOException;

/// Gives the samples of XOR chunks to a visitor.
public final class XorChunk {
    private XorChunk() {}

    /// Gives each sample of `data` to `visitor`, in order.
    ///
    /// @throws CorruptChunkException if the bits end early
    public static void forEach(byte[] data, SampleVisitor visitor) throws IOException {
        XorIterator samples = new XorIterator(data);
        while (samples.next()) {
            visitor.sample(samples.timeMillis(), samples.valueBits());
        }
    }
}
