package io.edgeship.compact.logs;

/// Segments that have come without a hole.
///
/// @param first       number; 1 and one more each
/// @param untilMillis live lines up to here are in them, or in one before
record SequenceRange(long first, long last, long untilMillis) {
    SequenceRange {
        if (first < 1 || last < first) {
            throw new IllegalArgumentException("segments %d to %d".formatted(first, last));
        }
    }

    boolean contains(long sequence) {
        return first <= sequence && sequence <= last;
    }

    /// Whether the other follows this one, or is a part of it.
    boolean touches(SequenceRange other) {
        return other.first - 1 <= last;
    }

    SequenceRange with(SequenceRange other) {
        return new SequenceRange(
                Math.min(first, other.first), Math.max(last, other.last), Math.max(untilMillis, other.untilMillis));
    }
}
