package io.edgeship.compact.logs;

import static io.edgeship.compact.intake.RejectedException.require;

import io.edgeship.block.BlockId;
import io.edgeship.block.loki.LokiChunkHeader;
import io.edgeship.block.loki.LokiChunkRewriter;
import io.edgeship.block.loki.LokiDayIndexes;
import io.edgeship.compact.intake.RejectedException;
import java.util.Set;

/// Whose logs a site may add to (I8).
///
/// @param siteLabel of streams, which says what site they are of
/// @param verbatim  tenants that any site may write to
record TenantRules(String siteLabel, Set<String> verbatim) {
    /// Folders that are not tenants': Loki's index, ours, and one that Thanos' tools make.
    private static final Set<String> TAKEN = Set.of("index", "edgeship", "debug");

    /// Every Loki without tenants calls its own so: sites would merge by accident.
    private static final String NO_TENANT = "fake";

    /// Whether chunks may lie in a folder of this name.
    static boolean isTenant(String folder) {
        return !TAKEN.contains(folder) && LokiDayIndexes.isTenant(folder);
    }

    void check(String tenant) throws RejectedException {
        require(!TAKEN.contains(tenant), "files.tenant", "is '%s', which is another folder's name", tenant);
        // Thanos' cleaner, let loose on this bucket, would take the folder for a block.
        boolean looksLikeBlock = tenant.length() == BlockId.LENGTH && tenant.charAt(0) <= '7';
        require(!looksLikeBlock, "files.tenant", "is '%s', which reads as a ULID", tenant);
        require(
                !tenant.equals(NO_TENANT) || verbatim.contains(tenant),
                "files.tenant",
                "is '%s', what every Loki without tenants has; logs.verbatim_tenants may allow it",
                tenant);
    }

    /// @param site by the item's place, which the site's credentials bind
    void check(String site, LokiChunkHeader chunk) throws RejectedException {
        String tenant = chunk.tenant();
        if (verbatim.contains(tenant) || tenant.startsWith(site + ".")) {
            return;
        }
        String label = chunk.labels().getOrDefault(siteLabel, "");
        require(
                label.equals(site),
                "chunk.site",
                "label %s is '%s', not '%s', tenant '%s' is not the site's own, and not in logs.verbatim_tenants",
                siteLabel,
                label,
                site,
                tenant);
        // Loki groups by fingerprint alone: under another stream's number its lines would get that stream's labels.
        require(
                !MappedStreams.isMapped(chunk) || MappedStreams.isFromLoki(chunk),
                "chunk.fingerprint",
                "is %x, the labels hash to %x, and no Loki gives numbers above %x",
                chunk.fingerprint(),
                LokiChunkRewriter.fingerprint(chunk.labels()),
                MappedStreams.NUMBER_MAX);
    }
}
