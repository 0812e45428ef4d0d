package io.edgeship.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds two agents that live under one site's name at the same time: a box that was cloned, or a name given twice.
/// Their data must never be merged silently. The spools of one agent name each other in their heartbeats; a box that
/// was set up anew begins after the last contact of its former self. Only what a heartbeat says and when it was
/// stored is looked at, so a spool whose beginning is not known is not judged.
public final class AgentsAlive {
    /// Silent for so long, an agent counts as gone.
    public static final Duration SILENT_AFTER = Duration.ofHours(24);

    /// By site: the spools that are in contact, oldest first.
    private final Map<String, List<SiteReport>> inContact = new HashMap<>();

    private AgentsAlive() {}

    /// @param now by the store's clock
    public static AgentsAlive of(List<SiteReport> reports, Instant now) {
        AgentsAlive alive = new AgentsAlive();
        for (SiteReport report : reports) {
            if (now.toEpochMilli() - report.lastContactMillis() < SILENT_AFTER.toMillis()) {
                alive.inContact
                        .computeIfAbsent(report.site(), _ -> new ArrayList<>())
                        .add(report);
            }
        }
        alive.inContact
                .values()
                .forEach(ofSite -> ofSite.sort(
                        Comparator.comparingLong(SiteReport::beganAtMillis).thenComparing(SiteReport::incarnation)));
        return alive;
    }

    /// How many agents a site has: 0 while it is silent, 1 as it should be, more where agents are alive at once.
    public int count(String site) {
        List<SiteReport> ofSite = inContact.getOrDefault(site, List.of());
        Set<SiteReport> counted = new HashSet<>();
        int agents = 0;
        for (SiteReport report : ofSite) {
            boolean isAnother = counted.stream().anyMatch(other -> areTwo(other, report));
            boolean isKnown = counted.stream().anyMatch(other -> isOneAgent(other, report));
            if (isAnother && !isKnown) {
                agents++;
            }
            counted.add(report);
        }
        return ofSite.isEmpty() ? 0 : agents + 1;
    }

    /// Sites with more than one agent alive.
    public List<String> sitesInDoubt() {
        return inContact.keySet().stream()
                .filter(site -> count(site) > 1)
                .sorted()
                .toList();
    }

    /// The spool of another agent that began before this one and is still in contact: as long as it is, what this one
    /// sends is held.
    public Optional<String> elder(String site, String incarnation) {
        List<SiteReport> ofSite = inContact.getOrDefault(site, List.of());
        for (SiteReport report : ofSite) {
            if (report.incarnation().equals(incarnation)) {
                return ofSite.subList(0, ofSite.indexOf(report)).stream()
                        .filter(other -> areTwo(other, report))
                        .map(SiteReport::incarnation)
                        .findFirst();
            }
        }
        return Optional.empty();
    }

    private static boolean areTwo(SiteReport a, SiteReport b) {
        boolean known = a.beganAtMillis() > 0 && b.beganAtMillis() > 0;
        boolean overlap = a.beganAtMillis() <= b.lastContactMillis() && b.beganAtMillis() <= a.lastContactMillis();
        return known && overlap && !isOneAgent(a, b);
    }

    /// One of the two may not know the other yet: a source was added since its last contact.
    private static boolean isOneAgent(SiteReport a, SiteReport b) {
        return a.agentIncarnations().contains(b.incarnation())
                || b.agentIncarnations().contains(a.incarnation());
    }
}
