package io.edgeship.block.head;

import io.edgeship.block.tsdb.chunks.TimedChunk;

/// A chunk that takes more samples.
abstract sealed class OpenChunk permits OpenFloats, OpenHistograms {
    private long minTime;
    private long maxTime;
    private int count;

    final void counted(long timeMillis) {
        minTime = count == 0 ? timeMillis : minTime;
        maxTime = timeMillis;
        count++;
    }

    final long minTime() {
        return minTime;
    }

    final long maxTime() {
        return maxTime;
    }

    final int count() {
        return count;
    }

    abstract int sizeBytes();

    abstract TimedChunk toChunk();
}
