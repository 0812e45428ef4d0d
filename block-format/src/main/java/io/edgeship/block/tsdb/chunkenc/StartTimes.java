package io.edgeship.block.tsdb.chunkenc;

import io.edgeship.block.tsdb.chunkenc.BitReader.EndOfBits;

/// The start timestamps of a chunk's samples, behind each sample; nothing at all where no sample has one. The header's
/// top bit says that the first sample has one, its low seven bits from which sample on they change.
///
/// Prometheus' code decides, not its page: what is stored is the time before the start, `t - st`.
final class StartTimes {
    /// The header has seven bits: from here on every sample has bits of its own.
    static final int LAST_FREE = 127;

    private static final int FIRST_KNOWN = 0x80;

    private int header;
    private long start;
    private long distance; // of the start before it, from the sample before

    static StartTimes reading(int header) {
        StartTimes times = new StartTimes();
        times.header = header;
        return times;
    }

    /// 0 where the sample has none.
    long startMillis() {
        return start;
    }

    /// What the header is once all is written.
    int header() {
        return header;
    }

    private int changesFrom() {
        return header & LAST_FREE;
    }

    /// @param index    of the sample, from 0
    /// @param previous the time of the sample before; of the first, its own
    void write(BitWriter out, int index, long previous, long startMillis) {
        if (index == 0) {
            if (startMillis != 0) {
                out.varint(previous - startMillis);
                header = FIRST_KNOWN;
            }
        } else if (changesFrom() > 0) {
            long next = previous - startMillis;
            Varbit.write(out, next - distance);
            distance = next;
        } else if (startMillis != start || index == LAST_FREE) {
            header |= index;
            distance = previous - startMillis;
            Varbit.write(out, distance);
        }
        start = startMillis;
    }

    void read(BitReader in, int index, long previous) throws EndOfBits {
        if (index == 0) {
            if ((header & FIRST_KNOWN) != 0) {
                start = previous - in.varint();
            }
        } else if (changesFrom() > 0 && index >= changesFrom()) {
            distance = index == changesFrom() ? Varbit.read(in) : distance + Varbit.read(in);
            start = previous - distance;
        }
    }
}
