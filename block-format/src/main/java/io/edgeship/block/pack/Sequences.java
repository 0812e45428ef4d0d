package io.edgeship.block.pack;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sequences of numbers that were coded before, each by a number that no other ever gets. Where together they
/// grow past a limit all are forgotten, on both ways at the same place. Not thread-safe.
final class Sequences {
    private static final int NUMBERS_MAX = 1 << 20;

    /// What one takes at least.
    private static final int NUMBERS_MIN = 16;

    private record Key(long[] numbers) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key(long[] those) && Arrays.equals(numbers, those);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(numbers);
        }
    }

    private final Map<Integer, long[]> known = new HashMap<>();
    private final Map<Key, Integer> ids = new HashMap<>();
    private int next;
    private long total;

    /// The id of the sequence, or -1 where it is not known.
    int find(long[] numbers) {
        return ids.getOrDefault(new Key(numbers), -1);
    }

    long @Nullable [] get(int id) {
        return known.get(id);
    }

    int add(long[] numbers) {
        if (total > NUMBERS_MAX) {
            known.clear();
            ids.clear();
            total = 0;
        }
        total += Math.max(NUMBERS_MIN, numbers.length);
        known.put(next, numbers);
        ids.putIfAbsent(new Key(numbers), next);
        return next++;
    }

    /// The id that the next sequence gets.
    int next() {
        return next;
    }
}
