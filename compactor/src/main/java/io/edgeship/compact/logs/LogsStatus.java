package io.edgeship.compact.logs;

import io.edgeship.fleet.SiteGoals;
import io.edgeship.fleet.SiteState;
import java.time.Instant;
import java.util.OptionalLong;

/// How the logs of one site do against what is wanted of them.
///
/// @param lagMillis since when its lines are not readable yet, or, where that is not known, how old the newest line is;
///     negative where it is in the future; empty where nothing has come
public record LogsStatus(LogsFreshness fresh, SiteGoals goals, SiteState state, OptionalLong lagMillis) {
    /// @param now by the store's clock
    public static LogsStatus of(LogsFreshness fresh, SiteGoals goals, Instant now) {
        SiteLogs taken = fresh.taken();
        long until = taken.untilMillis() > 0 ? taken.untilMillis() : taken.newestLineMillis();
        OptionalLong lag = until > 0 ? OptionalLong.of(now.toEpochMilli() - until) : OptionalLong.empty();
        SiteState state = goals.stateOfLogs(fresh.spool(), lag.orElse(Long.MAX_VALUE), now.toEpochMilli());
        return new LogsStatus(fresh, goals, state, lag);
    }

    public String site() {
        return fresh.site();
    }
}
