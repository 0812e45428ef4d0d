package io.edgeship.agent.check;

import io.edgeship.queue.link.BacklogEstimate;
import io.edgeship.queue.link.LinkConfig;
import io.edgeship.runtime.config.Sizes;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Whether windows, rate and budget let through what the site produces. Each is played through, on a link that is never
/// down.
final class LinkConfigCheck {
    /// What a site makes in so many days has to be gone in no more.
    private static final int DAYS = 30;

    /// So much later it may be: budgets and windows begin at their own times.
    private static final double SLACK_DAYS = 2;

    private LinkConfigCheck() {}

    static List<Finding> judge(LinkConfig link, String site, long bytesPerDay, Instant now) {
        BacklogEstimate byte1 = play(link, site, 1, now);
        Finding windows = byte1 instanceof BacklogEstimate.Never(var _, var _, var why)
                ? Finding.fail(Check.LINK_WINDOWS, "nothing is ever sent: " + why, "see link in the configuration")
                : Finding.pass(Check.LINK_WINDOWS, "the link opens");
        return List.of(windows, budget(link, site, bytesPerDay, now, windows.verdict() == Finding.Verdict.FAIL));
    }

    private static Finding budget(LinkConfig link, String site, long bytesPerDay, Instant now, boolean never) {
        if (bytesPerDay == 0) {
            return Finding.skip(Check.LINK_BUDGET, "there is no block yet to tell how much a day takes");
        }
        if (never) {
            return Finding.skip(Check.LINK_BUDGET, "nothing is ever sent");
        }
        String a = "the site makes about %s a day".formatted(Sizes.print(bytesPerDay));
        String fix =
                "raise link.rate, windows or budget, ship less (relabelling, resolution), or expect a backlog that grows";
        return switch (play(link, site, bytesPerDay * DAYS, now)) {
            case BacklogEstimate.Never(var _, var _, var why) -> Finding.warn(Check.LINK_BUDGET, a + ": " + why, fix);
            case BacklogEstimate.Done done
            when done.days() > DAYS + SLACK_DAYS ->
                Finding.warn(
                        Check.LINK_BUDGET,
                        String.format(
                                Locale.ROOT,
                                "%s; rate, windows and budget let %d days of it through in %.0f days",
                                a,
                                DAYS,
                                done.days()),
                        fix);
            case BacklogEstimate.Done _ ->
                Finding.pass(Check.LINK_BUDGET, a + ", and rate, windows and budget let it through");
        };
    }

    /// The link itself carries as much as anybody asks: what it carries is measured.
    private static BacklogEstimate play(LinkConfig link, String site, long bytes, Instant now) {
        return BacklogEstimate.of(bytes, link, site, now, Integer.MAX_VALUE, Optional.empty());
    }
}
