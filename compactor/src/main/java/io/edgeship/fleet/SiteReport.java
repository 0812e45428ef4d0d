package io.edgeship.fleet;

import io.edgeship.block.BlockId;
import java.util.List;
import java.util.Set;

/// What one spool of a site said in its last heartbeat.
///
/// @param site              by the object's place, which the site's credentials bind
/// @param lastContactMillis when the heartbeat was stored, by the store's clock: a site cannot make itself look fresh
/// @param isUnderstood      false if it could not be read or is of a later version; then nothing else is known
/// @param outstanding       blocks that are sealed and not yet confirmed, oldest first; the first of them if many
/// @param losses            loss records since the spool was made
/// @param beganAtMillis     first contact of this incarnation, by the store's clock; zero where it is not known
/// @param agentIncarnations all spools of the agent that reports, its own included; empty where it is not known
/// @param awaitingReceipt   of the backlog: sent through the inbox, not answered yet
/// @param agentVersion      as the agent calls itself; empty where it does not, or calls itself something odd
/// @param clockSkewMillis   its clock minus the store's
public record SiteReport(
        String site,
        String incarnation,
        long lastContactMillis,
        boolean isUnderstood,
        long backlogItems,
        long backlogBytes,
        List<BlockId> outstanding,
        long losses,
        long beganAtMillis,
        Set<String> agentIncarnations,
        long awaitingReceipt,
        String agentVersion,
        long clockSkewMillis) {
    public SiteReport {
        outstanding = List.copyOf(outstanding);
        agentIncarnations = Set.copyOf(agentIncarnations);
    }

    static SiteReport notUnderstood(String site, String incarnation, long lastContactMillis) {
        return new SiteReport(site, incarnation, lastContactMillis, false, 0, 0, List.of(), 0, 0, Set.of(), 0, "", 0);
    }
}
