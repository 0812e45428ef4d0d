package io.edgeship.block.diff;

import io.edgeship.block.LabelSet;
import org.jspecify.annotations.Nullable;

/// One thing that two blocks do not have in common.
///
/// @param timeMillis of the sample, or of the first one where a whole series or chunk differs
/// @param first      what the first block has there, or null for nothing
/// @param second     likewise
public record Difference(
        LabelSet series,
        long timeMillis,
        @Nullable String first,
        @Nullable String second) {
    /// The series, then a line for each side that has something.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(series).append(" at ").append(timeMillis);
        if (first != null) {
            text.append("\n  < ").append(first);
        }
        if (second != null) {
            text.append("\n  > ").append(second);
        }
        return text.toString();
    }
}
