package io.edgeship.runtime.http;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// What keeps a process from doing its work, by check. Ready means: no check has a problem. Thread-safe.
public final class Health {
    private final ConcurrentSkipListMap<String, String> problems = new ConcurrentSkipListMap<>();

    /// @param reason what a person should know and do
    public void problem(String check, String reason) {
        problems.put(check, reason);
    }

    public void ok(String check) {
        problems.remove(check);
    }

    /// Reasons by check, as of now.
    public SortedMap<String, String> problems() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(problems));
    }

    public boolean ready() {
        return problems.isEmpty();
    }
}
