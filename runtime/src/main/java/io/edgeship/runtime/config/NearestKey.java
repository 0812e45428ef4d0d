package io.edgeship.runtime.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Guesses which key a misspelled one was meant to be.
final class NearestKey {
    private static final int EDITS_MAX = 2;

    private NearestKey() {}

    static Optional<String> to(String key, Collection<String> known) {
        return known.stream()
                .filter(candidate -> edits(key, candidate) <= EDITS_MAX)
                .min(Comparator.comparingInt(candidate -> edits(key, candidate)));
    }

    /// Levenshtein's distance, row by row.
    static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
