package io.edgeship.compact.plan;

/// What a window waits for.
///
/// @param why         for people
/// @param untilMillis when it is no longer waited for, if nothing happens before
/// @param isLate      whether it was compacted before and waits for more late blocks, which are not to be merged
///     before
record Wait(String why, long untilMillis, boolean isLate) {
    Wait(String why, long untilMillis) {
        this(why, untilMillis, false);
    }

    @Override
    public String toString() {
        return "%s; waits until %s at the latest".formatted(why, Words.time(untilMillis));
    }
}
