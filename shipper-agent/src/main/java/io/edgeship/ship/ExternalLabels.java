package io.edgeship.ship;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The labels that a source's blocks are sealed with: the configured ones; without these Prometheus' own, whose last
/// answer is kept on disk. The site's label is added where they do not carry it already.
final class ExternalLabels {
    private static final Log LOG = Log.of(ExternalLabels.class);
    private static final String KEPT = "labels.json";

    private final SourceConfig source;
    private final Spool spool;
    private final String siteLabel;
    private final String site;

    ExternalLabels(SourceConfig source, Spool spool, String siteLabel, String site) {
        this.source = source;
        this.spool = spool;
        this.siteLabel = siteLabel;
        this.site = site;
    }

    /// Empty until they are known.
    Optional<SortedMap<String, String>> resolve() throws IOException {
        if (!source.externalLabels().isEmpty() || source.url().isEmpty()) {
            return Optional.of(withSite(source.externalLabels()));
        }
        try {
            SortedMap<String, String> labels = new PrometheusApi(source.url().get()).externalLabels();
            spool.keep(KEPT, JsonObject.empty().with("labels", labels).toIndentedBytes());
            return Optional.of(withSite(labels));
        } catch (IOException e) {
            LOG.debug(
                    "external labels not answered, using those kept",
                    "url",
                    source.url().get(),
                    "err",
                    e.getMessage());
            return kept();
        }
    }

    private Optional<SortedMap<String, String>> kept() throws IOException {
        Optional<byte[]> kept = spool.kept(KEPT);
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        try {
            Map<String, String> labels =
                    JsonObject.parse(KEPT, kept.get()).object("labels").textMap();
            return Optional.of(withSite(labels));
        } catch (CorruptFormatException e) {
            LOG.warn("kept labels are unreadable, waiting for Prometheus", e, "spool", spool.dir());
            return Optional.empty();
        }
    }

    private SortedMap<String, String> withSite(Map<String, String> labels) {
        SortedMap<String, String> all = new TreeMap<>(labels);
        all.putIfAbsent(siteLabel, site);
        return all;
    }
}
