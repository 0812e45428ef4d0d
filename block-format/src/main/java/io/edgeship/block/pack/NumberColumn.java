package io.edgeship.block.pack;

import io.edgeship.block.StaleMarker;
import java.io.IOException;

/// Parts of a column of doubles that are coded the same way wherever it stands. Not thread-safe.
final class NumberColumn {
    private static final long USUAL_NAN = 0x7ff8000000000001L;
    private static final int OTHER = 2;

    private final ContextCoder coder;
    private final Scaled scaled;

    NumberColumn(ContextCoder coder, Scaled scaled) {
        this.coder = coder;
        this.scaled = scaled;
    }

    /// How many values are kept beside the integers; a decoder does not know.
    int countOdd(long[] values, int count) {
        int odd = 0;
        for (int i = 0; i < count && !coder.decoding(); i++) {
            odd += Scaled.isOdd(values[i]) ? 1 : 0;
        }
        return odd;
    }

    void codeUlps(int count) throws IOException {
        long[] x = scaled.integers;
        long[] ulps = scaled.ulps;
        ulps[0] = coder.number(Field.FIRST_ULPS, 0, 0, ulps[0]);
        int lastBits = 0;
        for (int i = 1; i < count; i++) {
            boolean isChange = x[i] != x[i - 1];
            long given = coder.decoding() ? 0 : ulps[i] - ulps[i - 1];
            long change = coder.number(Field.ULPS, isChange ? 1 : 0, lastBits, given);
            ulps[i] = ulps[i - 1] + change;
            lastBits = isChange ? Long.SIZE - Long.numberOfLeadingZeros(Math.abs(change)) : lastBits;
        }
    }

    void codeOdd(long[] values, int count, int odd) throws IOException {
        int at = 0;
        for (int i = 0; i < odd; i++) {
            int next = at;
            while (!coder.decoding() && !Scaled.isOdd(values[next])) {
                next++;
            }
            next = coder.bounded(Field.ODD_AT, 0, at, next, at, count - 1);
            int kind = values[next] == StaleMarker.BITS ? 0 : values[next] == USUAL_NAN ? 1 : OTHER;
            kind = coder.choice(Field.ODD_KIND, 0, 0, kind, OTHER + 1);
            values[next] = kind == 0 ? StaleMarker.BITS : kind == 1 ? USUAL_NAN : coder.raw(values[next]);
            at = next + 1;
        }
    }
}
