package io.edgeship.block.diff;

import io.edgeship.block.sample.Sample;
import io.edgeship.block.sample.SampleIterator;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks what a series has, front to back.
final class Contents {
    private final Iterator<TimedChunk> chunks;
    private SampleIterator samples = new SampleIterator(List.of());

    Contents(List<TimedChunk> chunks) {
        this.chunks = chunks.iterator();
    }

    @Nullable Content next() throws CorruptChunkException {
        while (true) {
            Sample sample = samples.next();
            if (sample != null) {
                return new Content.OfSample(sample);
            }
            if (!chunks.hasNext()) {
                return null;
            }
            TimedChunk next = chunks.next();
            if (!next.chunk().holdsSamples()) {
                return new Content.OfChunk(next);
            }
            samples = new SampleIterator(List.of(next));
        }
    }
}
