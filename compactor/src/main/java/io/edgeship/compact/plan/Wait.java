package io.edgeship.compact.plan;

/// What a window waits for.
///
/// @param why         for people
/// @param untilMillis when it is no longer waited for, if nothing happens before
/// @param isLate      whether it was compacted before and waits for more late blocks, which are not to be merged
///     before
record Wait(String why, long untilMillis, boolean isLate) {
    private static final long UNKNOWN = Long.MAX_VALUE;

    Wait(String why, long untilMillis) {
        this(why, untilMillis, false);
    }

    /// Until a later cycle can read what this one could not. Nothing shorter is looked at meanwhile: what would be made
    /// might have to be made once more.
    static Wait untilRead(String why) {
        return new Wait(why, UNKNOWN, true);
    }

    @Override
    public String toString() {
        return untilMillis == UNKNOWN
                ? why + "; waits until a later cycle can read it"
                : "%s; waits until %s at the latest".formatted(why, Words.time(untilMillis));
    }
}
