package io.edgeship.agent;

import io.edgeship.queue.SpoolLockedException;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.PrometheusSource;
import io.edgeship.ship.Source;
import io.edgeship.ship.SourceConfig;
import io.edgeship.ship.loki.LokiConfig;
import io.edgeship.ship.loki.LokiSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// The configured sources that can be worked on, and why the others cannot: a disk that is not mounted yet must not
/// keep the other Prometheus from being shipped. Used by one thread.
final class Sources implements AutoCloseable {
    private static final Log LOG = Log.of(Sources.class);

    private final AgentConfig config;
    private final InstantSource clock;
    private final List<PrometheusSource> usable = new ArrayList<>();
    private final List<LokiSource> lokis = new ArrayList<>();
    private final List<Unusable> unusable = new ArrayList<>();

    /// A source that could not be opened.
    record Unusable(Path path, Opening opening, String why) {}

    /// How a source is opened.
    interface Opening {
        Source open() throws IOException, ConfigException;
    }

    private Sources(AgentConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    /// Opens what can be opened.
    ///
    /// @param clock dates loss records: the store's where its time is known
    /// @throws SpoolLockedException if another agent has one of the spools: both would use its link
    /// @throws ConfigException if none is usable, with the first one's reason; an IOException likewise
    static Sources open(AgentConfig config, InstantSource clock) throws IOException, ConfigException {
        Sources sources = new Sources(config, clock);
        try {
            sources.openAll();
            return sources;
        } catch (IOException | ConfigException | RuntimeException e) {
            sources.closeAfter(e);
            throw e;
        }
    }

    private void openAll() throws IOException, ConfigException {
        List<Exception> failures = new ArrayList<>();
        for (SourceConfig source : config.sources()) {
            open(source.path(), () -> open(source), failures);
        }
        for (LokiConfig source : config.lokis()) {
            open(source.path(), () -> open(source), failures);
        }
        if (all().isEmpty()) {
            switch (failures.getFirst()) {
                case ConfigException e -> throw e;
                case IOException e -> throw e;
                default -> throw new IllegalStateException(failures.getFirst());
            }
        }
        for (Unusable one : unusable) {
            LOG.error(
                    "source cannot be opened, tried again after each scan; the others go on",
                    "source",
                    one.path(),
                    "why",
                    one.why());
        }
    }

    private void open(Path path, Opening opening, List<Exception> failures) throws SpoolLockedException {
        try {
            switch (opening.open()) {
                case PrometheusSource source -> usable.add(source);
                case LokiSource source -> lokis.add(source);
                case Source other -> throw new IllegalStateException(other.path() + " is of no known type");
            }
        } catch (SpoolLockedException e) {
            throw e;
        } catch (IOException | ConfigException e) {
            failures.add(e);
            String why = String.valueOf(e.getMessage() == null ? e : e.getMessage());
            unusable.add(new Unusable(path, opening, why));
        }
    }

    private LokiSource open(LokiConfig source) throws IOException, ConfigException {
        requireDirectory(source.path());
        return LokiSource.open(source, config.site(), clock);
    }

    private PrometheusSource open(SourceConfig source) throws IOException, ConfigException {
        requireDirectory(source.path());
        return PrometheusSource.open(source, config.siteLabel(), config.site(), clock);
    }

    static void requireDirectory(Path path) throws ConfigException {
        if (!Files.isDirectory(path)) {
            throw new ConfigException("sources[].path: %s is no directory".formatted(path));
        }
    }

    /// Those of either type.
    List<Source> all() {
        List<Source> all = new ArrayList<>(usable);
        all.addAll(lokis);
        return List.copyOf(all);
    }

    List<LokiSource> lokis() {
        return List.copyOf(lokis);
    }

    List<PrometheusSource> usable() {
        return List.copyOf(usable);
    }

    List<Unusable> unusable() {
        return List.copyOf(unusable);
    }

    /// Whether one that could not be opened opens now.
    boolean oneIsBack() {
        for (Unusable one : unusable) {
            try (Source back = one.opening().open()) {
                LOG.info("source is back", "source", back.path());
                return true;
            } catch (IOException | ConfigException | RuntimeException e) {
                LOG.debug("source is still unusable", "source", one.path(), "why", e.getMessage());
            }
        }
        return false;
    }

    private void closeAfter(Exception reason) {
        try {
            close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (Source source : all()) {
            source.close();
        }
    }
}
