package io.edgeship.block.pack;

import io.edgeship.block.encoding.CorruptFormatException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// The labels of series, in the order of the index: each series' first label by how its symbols differ from
/// those of the series before, the others as a tail. Not thread-safe.
final class LabelColumn {
    private static final int AS_FOLLOWS = 0;
    private static final int KNOWN = 1;
    private static final int NEW = 2;

    private final ContextCoder coder;
    private final Tails tails;
    private final int symbols;

    /// By symbol of a name: the value that a new tail last had for it.
    private final int[] lastValues;

    private int name;
    private int value;
    private int tail;
    private int[] newest = {};

    LabelColumn(ContextCoder coder, Tails tails, int symbols) {
        this.coder = coder;
        this.tails = tails;
        this.symbols = symbols;
        lastValues = new int[symbols];
    }

    /// Codes the labels of the next series.
    ///
    /// @param labels names and values in turn, at least one pair; ignored by a decoder
    /// @return a series without chunks
    PackedSeries code(int[] labels) throws IOException {
        boolean decoding = coder.decoding();
        name = coder.bounded(Field.NAME, 0, name, decoding ? 0 : labels[0], 0, symbols - 1);
        int before = value;
        value = coder.bounded(Field.VALUE, 0, value, decoding ? 0 : labels[1], 0, symbols - 1);
        tail = codeTail(decoding ? labels : tailOf(labels), value == before ? 0 : 1);
        return new PackedSeries(name, value, tail, List.of());
    }

    private static int[] tailOf(int[] labels) {
        return Arrays.copyOfRange(labels, 2, labels.length);
    }

    private int codeTail(int[] wanted, int context) throws IOException {
        int guess = tails.follower(tail);
        int known = coder.decoding() ? 0 : tails.find(wanted);
        int given = known < 0 ? NEW : known == guess ? AS_FOLLOWS : KNOWN;
        int number = switch (coder.choice(Field.TAIL_KIND, context, 0, given, 3)) {
            case AS_FOLLOWS -> guess;
            case KNOWN -> coder.bounded(Field.TAIL, 0, guess, known, 0, tails.count() - 1);
            default -> tails.add(newTail(wanted));
        };
        tails.follow(tail, number);
        return number;
    }

    private int[] newTail(int[] wanted) throws IOException {
        boolean decoding = coder.decoding();
        int labels = coder.bounded(
                Field.TAIL_LABELS, 0, newest.length / 2, wanted.length / 2, 0, PackLimits.SERIES_LABELS_MAX);
        int[] tail = decoding ? new int[2 * labels] : wanted;
        int same = 1;
        for (int i = 0; i < tail.length; i += 2) {
            int guess = i < newest.length ? newest[i] : 0;
            tail[i] = coder.bounded(Field.TAIL_NAME, guess * 2L + same, guess, tail[i], 0, symbols - 1);
            int last = lastValues[tail[i]];
            tail[i + 1] = codeValue(tail[i], same, last, tail[i + 1]);
            same = tail[i + 1] == last ? same : 0;
            lastValues[tail[i]] = tail[i + 1];
        }
        newest = tail;
        return tail;
    }

    private int codeValue(int ofName, int same, int last, int given) throws IOException {
        long decoded = last + coder.number(Field.TAIL_VALUE, ofName, same, (long) given - last);
        if (decoded < 0 || decoded >= symbols) {
            throw symbolOutside(decoded);
        }
        return (int) decoded;
    }

    private CorruptFormatException symbolOutside(long symbol) {
        return coder.corrupt("symbol %d of %d".formatted(symbol, symbols));
    }
}
