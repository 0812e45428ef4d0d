package io.edgeship.fleet;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.SiteMessages;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads what lies under `edgeship/sites/`: heartbeats, each once a change; loss records are counted. Not
/// thread-safe.
final class SiteReports {
    /// Spools of one name that count; a site has one a source. The newest of them.
    static final int INCARNATIONS_MAX = 16;

    /// An agent lists 1000 sealed and 1000 unsealed blocks at most.
    static final int OUTSTANDING_MAX = 2000;

    private static final Log LOG = Log.of(SiteReports.class);
    /// It becomes a label of a metric: what a stranger writes there is not to blow that up.
    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z.+_-]{1,64}");

    private static final String HEARTBEAT = "heartbeat.pb";
    private static final String LOSSES = "losses";
    private static final int SITE = 2;
    private static final int INCARNATION = 3;
    private static final int LAST = 4;

    private final Map<String, Remembered> remembered = new HashMap<>();
    private SortedMap<String, List<ObjectInfo>> heartbeats = new TreeMap<>();
    private SortedMap<String, Integer> losses = new TreeMap<>();

    private record Remembered(String eTag, SiteReport report) {}

    /// Forgets what was listed before.
    void begin() {
        heartbeats = new TreeMap<>();
        losses = new TreeMap<>();
    }

    /// Takes note of an object of the listing.
    void listed(ObjectInfo object) {
        if (!object.key().startsWith(BucketLayout.SITES)) {
            return;
        }
        String[] names = object.key().split("/", -1);
        if (names.length == LAST + 1 && names[LAST].equals(HEARTBEAT)) {
            List<ObjectInfo> ofSite = heartbeats.computeIfAbsent(names[SITE], _ -> new ArrayList<>());
            ofSite.add(object);
            if (ofSite.size() > INCARNATIONS_MAX) {
                ofSite.sort(Comparator.comparing(ObjectInfo::lastModified).reversed());
                ofSite.removeLast();
            }
        } else if (names.length == LAST + 2 && names[LAST].equals(LOSSES)) {
            losses.merge(names[SITE], 1, Integer::sum);
        }
    }

    /// Loss records in the bucket, by site.
    SortedMap<String, Integer> losses() {
        return losses;
    }

    /// What the heartbeats that were listed say, by site and incarnation.
    List<SiteReport> read(ObjectReader reader) throws IOException {
        Map<String, SiteReport> reports = new HashMap<>(); // by key
        Map<String, Remembered> current = new HashMap<>();
        List<ObjectInfo> changed = new ArrayList<>();
        for (List<ObjectInfo> ofSite : heartbeats.values()) {
            ofSite.sort(Comparator.comparing(ObjectInfo::key));
            for (ObjectInfo object : ofSite) {
                Remembered before = remembered.get(object.key());
                if (before != null && before.eTag().equals(object.eTag())) {
                    reports.put(object.key(), before.report());
                    current.put(object.key(), before);
                } else {
                    changed.add(object);
                }
            }
        }
        reader.readAll(changed, SiteMessages.BYTES_MAX, (object, outcome) -> {
            Optional<SiteReport> report = report(object, outcome);
            report.ifPresent(it -> reports.put(object.key(), it));
            report.filter(SiteReport::isUnderstood)
                    .ifPresent(known -> current.put(object.key(), new Remembered(object.eTag(), known)));
        });
        remembered.clear();
        remembered.putAll(current);
        return heartbeats.values().stream()
                .flatMap(List::stream)
                .flatMap(object -> Stream.ofNullable(reports.get(object.key())))
                .toList();
    }

    private static Optional<SiteReport> report(ObjectInfo object, ObjectReader.Outcome outcome) throws IOException {
        String[] names = object.key().split("/", -1);
        SiteReport unknown = SiteReport.notUnderstood(
                names[SITE], names[INCARNATION], object.lastModified().toEpochMilli());
        return switch (outcome) {
            case ObjectReader.Outcome.Gone _ -> Optional.empty();
            case ObjectReader.Outcome.Unreadable(var why) -> Optional.of(passedOver(unknown, object, why));
            case ObjectReader.Outcome.Failed(var why) -> Optional.of(passedOver(unknown, object, why));
            case ObjectReader.Outcome.Bytes(var bytes) -> Optional.of(understood(unknown, object, bytes));
        };
    }

    private static SiteReport understood(SiteReport unknown, ObjectInfo object, byte[] bytes) throws IOException {
        try {
            Heartbeat heartbeat = SiteMessages.heartbeat(object.key(), bytes);
            if (!heartbeat.getSite().equals(unknown.site())
                    || !heartbeat.getIncarnation().equals(unknown.incarnation())) {
                return passedOver(unknown, object, "bears another site's name");
            }
            return new SiteReport(
                    unknown.site(),
                    unknown.incarnation(),
                    unknown.lastContactMillis(),
                    true,
                    Math.max(0, heartbeat.getBacklogItems()),
                    Math.max(0, heartbeat.getBacklogBytes()),
                    heartbeat.getOutstandingUlidsList().stream()
                            .limit(OUTSTANDING_MAX)
                            .flatMap(ulid -> BlockId.tryParse(ulid).stream())
                            .toList(),
                    Math.max(0, heartbeat.getLosses()),
                    Math.max(0, heartbeat.getBeganAtMs()),
                    heartbeat.getAgentIncarnationsList().stream()
                            .limit(INCARNATIONS_MAX)
                            .collect(Collectors.toSet()),
                    Math.max(0, heartbeat.getAwaitingReceipt()),
                    VERSION.matcher(heartbeat.getAgentVersion()).matches() ? heartbeat.getAgentVersion() : "",
                    heartbeat.getClockSkewMs());
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            return passedOver(unknown, object, String.valueOf(e.getMessage()));
        }
    }

    private static SiteReport passedOver(SiteReport unknown, ObjectInfo object, String why) {
        LOG.warn("heartbeat is not understood, left alone", "key", object.key(), "why", why);
        return unknown;
    }
}
