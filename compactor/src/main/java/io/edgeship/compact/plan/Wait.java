package io.edgeship.compact.plan;

/// What a window waits for.
///
/// @param why         for people
/// @param untilMillis when it is no longer waited for, if nothing happens before
record Wait(String why, long untilMillis) {
    @Override
    public String toString() {
        return "%s; waits until %s at the latest".formatted(why, Words.time(untilMillis));
    }
}
