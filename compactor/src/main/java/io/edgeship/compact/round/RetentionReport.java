package io.edgeship.compact.round;

import io.edgeship.compact.retain.Retained;
import io.edgeship.fleet.BucketBlock;
import java.util.List;
import java.util.Map;

/// What a round of retention decided and did.
///
/// @param decided  which blocks are over, and which must not go yet
/// @param marked   blocks that were marked, with their marks
/// @param failures streams that could not be marked to the end, with the reason; the next cycle tries again
/// @param busy     streams that another compactor has
public record RetentionReport(
        Retained decided, List<BucketBlock> marked, Map<String, String> failures, Map<String, String> busy) {
    /// Where nothing was looked at.
    public static final RetentionReport NOTHING =
            new RetentionReport(new Retained(List.of(), List.of()), List.of(), Map.of(), Map.of());

    public RetentionReport {
        marked = List.copyOf(marked);
        failures = Map.copyOf(failures);
        busy = Map.copyOf(busy);
    }

    /// How many blocks are over and bear no mark yet.
    public int unmarked() {
        return decided.markings().size() - marked.size();
    }
}
