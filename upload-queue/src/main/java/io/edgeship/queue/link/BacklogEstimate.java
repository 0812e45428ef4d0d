package io.edgeship.queue.link;

import io.edgeship.queue.link.LinkConfig.BudgetLimits;
import io.edgeship.runtime.config.Sizes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a backlog costs and when it is there, said before a byte goes: rate, windows and budgets played through, on a
/// link that is never down and with nothing else to send.
public sealed interface BacklogEstimate {
    /// @param backlogBytes      what is to be sent
    /// @param wireBytes         what that is with heads, and with what the layers below add
    /// @param busiestDayBytes   what goes on the day with the most, what it had used up before included
    /// @param busiestMonthBytes and in such a month
    record Done(
            long backlogBytes,
            long wireBytes,
            Instant now,
            Instant doneAt,
            long busiestDayBytes,
            long busiestMonthBytes,
            BudgetLimits limits)
            implements BacklogEstimate {
        public double days() {
            return Duration.between(now, doneAt).toSeconds() / 86_400.0;
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            lines.add(BacklogEstimate.bytes(backlogBytes, wireBytes));
            lines.add("done:          %s, in %s".formatted(doneAt, spelled(Duration.between(now, doneAt))));
            lines.add("busiest day:   " + share(busiestDayBytes, limits.dailyBytes()));
            lines.add("busiest month: " + share(busiestMonthBytes, limits.monthlyBytes()));
            return lines;
        }

        private static String share(long bytes, long limit) {
            return limit == LinkConfig.UNLIMITED
                    ? Sizes.print(bytes) + ", no budget"
                    : "%s of %s".formatted(Sizes.print(bytes), Sizes.print(limit));
        }

        private static String spelled(Duration duration) {
            double seconds = duration.toMillis() / 1000.0;
            if (seconds < 120) {
                return String.format(Locale.ROOT, "%.0f seconds", Math.ceil(seconds));
            }
            double hours = seconds / 3600;
            if (hours < 1) {
                return String.format(Locale.ROOT, "%.0f minutes", Math.ceil(seconds / 60));
            }
            return hours < 48
                    ? String.format(Locale.ROOT, "%.1f hours", hours)
                    : String.format(Locale.ROOT, "%.1f days", hours / 24);
        }
    }

    /// @param why and what would change it
    record Never(long backlogBytes, long wireBytes, String why) implements BacklogEstimate {
        @Override
        public List<String> lines() {
            return List.of(BacklogEstimate.bytes(backlogBytes, wireBytes), "done:          never: " + why);
        }
    }

    /// For the terminal.
    List<String> lines();

    /// @param now                   the time to begin at
    /// @param linkBytesPerSecond    what the link itself is assumed to carry, on the wire
    /// @param keptCount             what [LinkGovernor#BUDGET_FILE] holds, if it is there
    static BacklogEstimate of(
            long backlogBytes,
            LinkConfig config,
            String site,
            Instant now,
            long linkBytesPerSecond,
            Optional<byte[]> keptCount) {
        return new BacklogRun(config, site, now, linkBytesPerSecond, keptCount, BacklogRun.HORIZON).send(backlogBytes);
    }

    /// When each of several items is there that are sent one after the other; from the first that never is, or only
    /// after `horizon`, all are empty.
    ///
    /// @param itemBytes what of each is to be sent
    static List<Optional<Instant>> inTurn(
            List<Long> itemBytes,
            LinkConfig config,
            String site,
            Instant now,
            long linkBytesPerSecond,
            Optional<byte[]> keptCount,
            Duration horizon) {
        BacklogRun run = new BacklogRun(config, site, now, linkBytesPerSecond, keptCount, horizon);
        List<Optional<Instant>> doneAt = new ArrayList<>();
        boolean ends = true;
        for (long bytes : itemBytes) {
            Optional<Instant> done = Optional.empty();
            if (ends && run.send(bytes) instanceof Done there) {
                done = Optional.of(there.doneAt());
            }
            ends = done.isPresent();
            doneAt.add(done);
        }
        return List.copyOf(doneAt);
    }

    private static String bytes(long backlogBytes, long wireBytes) {
        return "to send:       %s, %s on the wire".formatted(Sizes.print(backlogBytes), Sizes.print(wireBytes));
    }
}
