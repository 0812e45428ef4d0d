package io.edgeship.block.tsdb.chunkenc;

/// Whether the times of a XOR chunk ascend, found without making its values: their bits are stepped over. A third of
/// the work of a [XorIterator], for whoever checks whole blocks on a small box. Not thread-safe.
public final class XorTimes extends XorBits {
    private XorTimes(byte[] data) {
        super(data);
    }

    /// @param data of the chunk, without encoding and checksum
    /// @return false also for whatever is out of the ordinary; a [XorIterator] says what it is
    public static boolean ascend(byte[] data, long minTime, long maxTime) {
        int count = ChunkIterator.u16(data, COUNT_BYTES);
        return count > 0 && new XorTimes(data).ascend(count, minTime, maxTime);
    }

    private boolean ascend(int count, long minTime, long maxTime) {
        long time = varint();
        if (time != minTime) {
            return false;
        }
        u64();
        long delta = 0;
        for (int i = 1; i < count; i++) {
            delta = i == 1 ? uvarint() : delta + deltaOfDelta();
            if (time + delta <= time) {
                return false;
            }
            time += delta;
            if (changes()) {
                stepOverWindow();
            }
        }
        return time == maxTime && isWithin();
    }
}
