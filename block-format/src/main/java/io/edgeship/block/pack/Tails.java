package io.edgeship.block.pack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The labels of series but for each one's first, every combination once: the series of a target share them.
/// Memory grows with the index. Not thread-safe.
final class Tails {
    private static final int[] NONE = {};

    private record Key(int[] labels) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key(int[] those) && Arrays.equals(labels, those);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(labels);
        }
    }

    private final List<int[]> tails = new ArrayList<>();
    private final Map<Key, Integer> numbers = new HashMap<>();

    /// By tail: the one that came after it the last time.
    private int[] followers = new int[1 << 8];

    Tails() {
        add(NONE);
    }

    int[] get(int number) {
        return tails.get(number);
    }

    int count() {
        return tails.size();
    }

    /// The number of these labels, or -1.
    int find(int[] labels) {
        return numbers.getOrDefault(new Key(labels), -1);
    }

    int add(int[] labels) {
        int number = tails.size();
        tails.add(labels);
        numbers.putIfAbsent(new Key(labels), number);
        if (number >= followers.length) {
            followers = Arrays.copyOf(followers, 2 * followers.length);
        }
        return number;
    }

    int follower(int number) {
        return followers[number];
    }

    void follow(int number, int follower) {
        followers[number] = follower;
    }
}
