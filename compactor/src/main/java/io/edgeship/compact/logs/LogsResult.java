package io.edgeship.compact.logs;

import io.edgeship.compact.intake.IntakeResult;
import java.util.List;
import java.util.Optional;

/// What one cycle did with logs.
///
/// @param taken   segments, by their answer
/// @param chunks  in the indexes that were written
/// @param indexes that were written, or were there
/// @param sites   how current each is, by name
/// @param busy    the other compactor that takes them in just now; empty if none does
/// @param problem why nothing could be done; empty if it could
public record LogsResult(
        IntakeResult taken,
        int chunks,
        int indexes,
        List<LogsFreshness> sites,
        Optional<String> busy,
        Optional<String> problem) {
    public static final LogsResult NOTHING =
            new LogsResult(IntakeResult.NOTHING, 0, 0, List.of(), Optional.empty(), Optional.empty());

    public LogsResult {
        sites = List.copyOf(sites);
    }

    static LogsResult failed(String problem) {
        return new LogsResult(IntakeResult.NOTHING, 0, 0, List.of(), Optional.empty(), Optional.of(problem));
    }

    static LogsResult busy(String holder, List<LogsFreshness> sites) {
        return new LogsResult(IntakeResult.NOTHING, 0, 0, sites, Optional.of(holder), Optional.empty());
    }
}
