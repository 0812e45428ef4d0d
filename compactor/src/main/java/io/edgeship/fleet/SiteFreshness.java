package io.edgeship.fleet;

import io.edgeship.block.BlockId;
import java.util.List;

/// How current one site is.
///
/// @param dataUntilMillis   end of its newest raw block that is complete; zero without any
/// @param gaps              holes between its raw blocks
/// @param lastContactMillis newest heartbeat, by the store's clock; zero without any
/// @param outstanding       blocks that it still owes: sealed there, not committed here, oldest first
/// @param underWay          how many of these have objects in the bucket already
/// @param losses            loss records in the bucket
/// @param incarnations      spools that have reported under the name
/// @param agentsAlive       agents that were in contact within a day; more than one is an alarm, see [AgentsAlive]
/// @param notUnderstood     how many of these reports are of a later version or unreadable
public record SiteFreshness(
        String site,
        long dataUntilMillis,
        int blocks,
        long sizeBytes,
        int gaps,
        long lastContactMillis,
        long backlogItems,
        long backlogBytes,
        List<BlockId> outstanding,
        int underWay,
        int losses,
        int incarnations,
        int agentsAlive,
        int notUnderstood) {
    /// Stands for blocks without a site label that can be used: none, empty, or longer than [#NAME_CHARS_MAX].
    public static final String UNASSIGNED = "unassigned";

    /// Sites have 63 letters at most; a stranger's label is not to blow up tables and metrics.
    public static final int NAME_CHARS_MAX = 200;

    public SiteFreshness {
        outstanding = List.copyOf(outstanding);
    }

    /// Of a site of which nothing was ever heard.
    public static SiteFreshness nothingOf(String site) {
        return new SiteFreshness(site, 0, 0, 0, 0, 0, 0, 0, List.of(), 0, 0, 0, 0, 0);
    }
}
