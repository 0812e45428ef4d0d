package io.edgeship.compact;

import io.edgeship.compact.logs.LogsResult;
import io.edgeship.compact.round.RoundReport;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.runtime.http.Health;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What `/-/ready` says after a cycle that finished, and whether `--once` ends with 1: work that was refused, or
/// failed wherever it was tried. A single stream that failed is the metrics' to tell.
final class Readiness {
    /// One stream of many that fails may be at fault itself; two at once point to what they share.
    private static final int SUSPICIOUS = 2;

    private Readiness() {}

    /// Tells it what is wrong, and what no longer is.
    static void tell(Upkeep.Result result, Health health) {
        say("refused", result.refused(), health);
        say("streams", allFail(result), health);
    }

    /// As above, of logs.
    static void tell(LogsResult result, Health health) {
        say("logs", result.problem(), health);
    }

    static boolean isGood(Upkeep.Result result) {
        return result.refused().isEmpty() && allFail(result).isEmpty();
    }

    private static void say(String check, Optional<String> problem, Health health) {
        problem.ifPresentOrElse(reason -> health.problem(check, reason), () -> health.ok(check));
    }

    /// Idle streams prove nothing; those with work do, unless it is one of many.
    private static Optional<String> allFail(Upkeep.Result result) {
        RoundReport round = result.round();
        Map<String, String> failures = result.failing();
        boolean anyWorked = !round.done().isEmpty()
                || !round.marked().isEmpty()
                || !round.quarantined().isEmpty()
                || !result.retained().marked().isEmpty();
        if (failures.isEmpty() || anyWorked || failures.size() < Math.min(SUSPICIOUS, streams(result))) {
            return Optional.empty();
        }
        Map.Entry<String, String> first = new TreeMap<>(failures).firstEntry();
        return Optional.of("each of the %d streams with work failed: %s: %s"
                .formatted(failures.size(), first.getKey(), first.getValue()));
    }

    private static long streams(Upkeep.Result result) {
        return result.view().blocks().stream()
                .map(BucketBlock::labels)
                .distinct()
                .count();
    }
}
