package io.edgeship.block.pack;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// When the samples of a series were taken. Series of one target mostly share these times, so most are but "as
/// the last one with these labels". Not thread-safe.
final class TimeColumn {
    private static final int AS_GUESSED = 0;
    private static final int KNOWN = 1;
    private static final int NEW = 2;

    private final ContextCoder coder;
    private final WorkBound bound;
    private final Sequences sequences = new Sequences();
    private final Map<Integer, Integer> ofTail = new HashMap<>();
    private int last;

    TimeColumn(ContextCoder coder, WorkBound bound) {
        this.coder = coder;
        this.bound = bound;
    }

    /// Codes the times of a series, and notes their number in it.
    ///
    /// @param given ignored by a decoder
    long[] code(PackedSeries series, long[] given) throws IOException {
        boolean decoding = coder.decoding();
        Integer ofItsTail = ofTail.get(series.tail);
        int guess = ofItsTail == null ? last : ofItsTail;
        int id = decoding ? -1 : sequences.find(given);
        int kind = id < 0 ? NEW : id == guess ? AS_GUESSED : KNOWN;
        kind = coder.choice(Field.TIMES_KIND, ofItsTail == null ? 0 : 1, 0, kind, 3);
        if (kind == NEW) {
            id = sequences.add(newTimes(guess, given));
        } else if (kind == KNOWN) {
            id = coder.bounded(Field.TIMES, 0, guess, id, 0, sequences.next() - 1);
        } else {
            id = guess;
        }
        long[] times = sequences.get(id);
        if (times == null) {
            throw coder.corrupt("times %d are not known".formatted(id));
        }
        ofTail.put(series.tail, id);
        last = id;
        series.times = id;
        return times;
    }

    private long[] newTimes(int guess, long[] given) throws IOException {
        int count = coder.bounded(Field.TIMES_COUNT, 0, 0, given.length, 0, bound.samplesMax());
        long[] other = sequences.get(guess);
        int from = coder.decoding() || other == null ? -1 : partOf(other, given);
        int fromMax = other == null ? -1 : other.length - count;
        from = coder.bounded(Field.TIMES_FROM, 0, -1, from, -1, Math.max(-1, fromMax));
        if (from >= 0 && other != null) {
            return Arrays.copyOfRange(other, from, from + count);
        }
        return deltas(coder, coder.decoding() ? new long[count] : given);
    }

    /// @param times filled by a decoder
    static long[] deltas(ContextCoder coder, long[] times) throws IOException {
        boolean decoding = coder.decoding();
        long time = 0;
        long delta = 0;
        int lastBits = 0;
        int lastSign = 0;
        for (int i = 0; i < times.length; i++) {
            long guess = i > 1 ? delta : 0;
            long given = decoding ? 0 : times[i] - time - guess;
            long change = coder.number(Field.TIME, Math.min(i, 2), lastSign * 64L + lastBits, given);
            delta = change + guess;
            time += delta;
            times[i] = time;
            lastBits = Long.SIZE - Long.numberOfLeadingZeros(Math.abs(change));
            lastSign = change < 0 ? 1 : 2;
        }
        return times;
    }

    /// Where in `other` all of `times` stand, or -1.
    private static int partOf(long[] other, long[] times) {
        int at = times.length == 0 ? -1 : Arrays.binarySearch(other, times[0]);
        int to = at + times.length;
        return at >= 0 && to <= other.length && Arrays.equals(other, at, to, times, 0, times.length) ? at : -1;
    }
}
