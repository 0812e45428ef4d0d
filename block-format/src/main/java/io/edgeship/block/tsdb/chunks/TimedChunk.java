package io.edgeship.block.tsdb.chunks;

/// A chunk and the times of its first and last sample, both inclusive.
public record TimedChunk(long minTime, long maxTime, Chunk chunk) {
    public TimedChunk {
        if (maxTime < minTime) {
            throw new IllegalArgumentException("a chunk from %d to %d".formatted(minTime, maxTime));
        }
    }
}
