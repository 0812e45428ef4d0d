package io.edgeship.ship.loki;

import io.edgeship.block.BlockId;
import io.edgeship.block.Utf8Order;
import io.edgeship.block.loki.LokiChunkEdit;
import io.edgeship.block.loki.LokiChunkHeader;
import io.edgeship.block.loki.LokiChunkRewriter;
import io.edgeship.block.loki.LokiDayIndexes;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What becomes of the edge Loki's tenants at the centre, where sites must not run into each other.
///
/// @param fleetTenant with [Mode#FLEET]
/// @param siteLabel   added with [Mode#FLEET]
public record Tenants(Mode mode, String fleetTenant, String siteLabel, String site) {
    /// What Loki calls the only tenant where it runs without authentication: at every site the same.
    static final String FAKE = "fake";

    private static final String EXPORTED = "exported_";

    /// Folders of others in the bucket.
    private static final Set<String> RESERVED = Set.of("index", "edgeship", "debug");

    /// Whether all of the site's tenants become one.
    boolean mergesTenants() {
        return mode == Mode.FLEET;
    }

    /// A tenant's name at the centre.
    public enum Mode {
        /// One tenant for all sites, whose streams a label tells apart.
        FLEET,
        /// `<site>.<tenant>`
        SITE,
        /// As at the site: for tenants whose names no two sites share.
        VERBATIM
    }

    /// @throws IllegalArgumentException if the fleet's tenant cannot be one
    public Tenants {
        Optional<String> wrong = refused(mode == Mode.FLEET ? fleetTenant : "ok");
        if (wrong.isPresent()) {
            throw new IllegalArgumentException(wrong.get());
        }
    }

    /// Why chunks of a tenant are not shipped; empty if they are.
    Optional<String> whyNot(String tenant) {
        return switch (mode) {
            case FLEET -> Optional.empty();
            case SITE -> refused(site + "." + tenant);
            case VERBATIM ->
                tenant.equals(FAKE)
                        ? Optional.of("tenant fake is every site's: set tenants to fleet or site")
                        : refused(tenant);
        };
    }

    private static Optional<String> refused(String tenant) {
        if (!LokiDayIndexes.isTenant(tenant)) {
            return Optional.of("no tenant can be called '%s' at the centre".formatted(tenant));
        }
        if (RESERVED.contains(tenant)) {
            return Optional.of("tenant %s would share its folder with something else at the centre".formatted(tenant));
        }
        if (tenant.length() == BlockId.LENGTH) {
            return Optional.of("tenant %s has 26 letters: a cleaner of Thanos' would take its folder for a block"
                    .formatted(tenant));
        }
        return Optional.empty();
    }

    /// Whether chunks are shipped as they are, to the byte.
    boolean keepsChunks() {
        return mode == Mode.VERBATIM;
    }

    /// A tenant's name at the centre.
    String map(String tenant) {
        return switch (mode) {
            case VERBATIM -> tenant;
            case SITE -> site + "." + tenant;
            case FLEET -> fleetTenant;
        };
    }

    /// A query that means the same lines at the centre; empty where it asks for a label that is changed on the
    /// way.
    Optional<String> mapQuery(String query) {
        if (mode != Mode.FLEET) {
            return Optional.of(query);
        }
        return LogSelector.of(query)
                .filter(selector -> !selector.names(siteLabel) && !selector.names(EXPORTED + siteLabel))
                .map(selector -> "%s{%s=\"%s\", %s"
                        .formatted(
                                query.substring(0, selector.open()),
                                siteLabel,
                                site,
                                query.substring(selector.open() + 1)));
    }

    /// A chunk's header at the centre. A label of the site's own that has the name of [#siteLabel] and another value
    /// goes on as `exported_<name>`, as Prometheus does it.
    ///
    /// @param file stands for the chunk in errors
    LokiChunkHeader map(String file, LokiChunkHeader header) throws IOException {
        return switch (mode) {
            case VERBATIM -> header;
            case SITE ->
                LokiChunkRewriter.header(file, header, new LokiChunkEdit(site + "." + header.tenant(), Map.of(), null));
            case FLEET -> {
                boolean there = site.equals(header.labels().get(siteLabel));
                Map<String, String> added = there ? Map.of() : Map.of(siteLabel, site);
                LokiChunkHeader free = there ? header : withoutOwnLabel(header);
                yield LokiChunkRewriter.header(file, free, new LokiChunkEdit(fleetTenant, added, null));
            }
        };
    }

    private LokiChunkHeader withoutOwnLabel(LokiChunkHeader header) {
        String own = header.labels().get(siteLabel);
        if (own == null) {
            return header;
        }
        SortedMap<String, String> labels = new TreeMap<>(Utf8Order.COMPARATOR);
        labels.putAll(header.labels());
        labels.remove(siteLabel);
        String name = EXPORTED + siteLabel;
        while (labels.containsKey(name)) {
            name = EXPORTED + name;
        }
        labels.put(name, own);
        return new LokiChunkHeader(
                header.fingerprint(),
                header.tenant(),
                header.fromMillis(),
                header.throughMillis(),
                Collections.unmodifiableSortedMap(labels),
                header.ingestedMillis(),
                header.encoding());
    }
}
