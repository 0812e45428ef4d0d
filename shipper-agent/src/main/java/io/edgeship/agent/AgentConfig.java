package io.edgeship.agent;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.queue.link.LinkConfig;
import io.edgeship.queue.quota.OnFull;
import io.edgeship.queue.transport.plain.PlainConfig;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import io.edgeship.runtime.config.ConfigSection;
import io.edgeship.runtime.http.HttpConfig;
import io.edgeship.runtime.log.Logs;
import io.edgeship.ship.FutureSamples;
import io.edgeship.ship.ShippingOrder;
import io.edgeship.ship.SourceConfig;
import io.edgeship.ship.loki.LokiConfig;
import io.edgeship.ship.pack.PackConfig;
import io.edgeship.ship.rewrite.RewriteConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `agent.yaml`, checked once. Each key is described in `docs/reference/agent.md`.
record AgentConfig(
        String site,
        String siteLabel,
        List<SourceConfig> sources,
        List<LokiConfig> lokis,
        ObjstoreConfig.Source objstore,
        Optional<ObjstoreConfig.Source> logsObjstore,
        HttpConfig http,
        Logs.Format logFormat,
        Logs.Level logLevel,
        Duration scanInterval,
        Duration shutdownGrace,
        Transport transport,
        ShippingOrder order,
        Centre centre,
        PlainConfig plain,
        LinkConfig link,
        FutureSamples future,
        SpoolConfig spool,
        RewriteConfig rewrite,
        SortedSet<String> keys) {
    private static final Pattern SITE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    /// How blocks get to the bucket.
    enum Transport {
        PLAIN(false),
        INBOX(true),
        PACKED(true);

        private final boolean throughInbox;

        Transport(boolean throughInbox) {
            this.throughInbox = throughInbox;
        }

        /// Whether the centre takes the blocks in, and answers.
        boolean isThroughInbox() {
            return throughInbox;
        }
    }

    /// Who compacts at the centre.
    enum Centre {
        THANOS,
        EDGESHIP
    }

    AgentConfig {
        sources = List.copyOf(sources);
        lokis = List.copyOf(lokis);
    }

    /// Where each source's items wait.
    List<Path> spools() {
        return Stream.concat(
                        sources.stream().map(SourceConfig::spool),
                        lokis.stream().map(LokiConfig::spool))
                .toList();
    }

    static AgentConfig read(Path file, Map<String, String> environment) throws ConfigException {
        return of(ConfigFile.read(file, environment), directoryOf(file));
    }

    /// What the file comes to, as YAML that is read again; behind it, as a document of its own that is not, what the
    /// `objstore.yml` that it names comes to.
    static String effective(Path file, Map<String, String> environment) throws ConfigException {
        ConfigFile config = ConfigFile.read(file, environment);
        AgentConfig read = of(config, directoryOf(file));
        String text = "# %s with its defaults; file names are meant from %s. Secrets are hidden: fill them in again.%n"
                .formatted(file.getFileName(), directoryOf(file));
        text += config.effective();
        for (SourceConfig source : read.sources()) {
            text += "# spool of %s: %s%n".formatted(source.path(), source.spool());
        }
        for (LokiConfig source : read.lokis()) {
            text += "# spool of %s: %s%n".formatted(source.path(), source.spool());
        }
        Optional<Path> objstore = read.objstore().file();
        return objstore.isEmpty()
                ? text
                : text + "---%n# %s%n".formatted(objstore.get()) + ObjstoreConfig.effective(objstore.get());
    }

    private static Path directoryOf(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        return directory == null ? Path.of("") : directory;
    }

    /// @param directory that relative file names are meant from
    static AgentConfig of(ConfigFile file, Path directory) throws ConfigException {
        ConfigSection root = file.root();
        String site = root.requiredText("site");
        if (!SITE.matcher(site).matches()) {
            throw root.wrong("site", "is lower-case letters, digits and dashes, at most 63");
        }
        if (site.length() == BlockId.LENGTH) {
            throw root.wrong("site", "must not be 26 characters long, as block names are: add one or leave one out");
        }
        String siteLabel = root.text("site_label", "site");
        if (!LABEL.matcher(siteLabel).matches()) {
            throw root.wrong("site_label", "is a label name");
        }
        ConfigSection log = root.section("log");
        SourceKeys found = SourceKeys.read(root, site, siteLabel, directory);
        Optional<ObjstoreConfig.Source> logsObjstore = found.logsObjstore(root, directory);
        AgentConfig config = new AgentConfig(
                site,
                siteLabel,
                found.prometheus(),
                found.lokis(),
                found.objstore(root, directory, logsObjstore),
                logsObjstore,
                HttpConfig.from(root.section("http"), directory, "127.0.0.1:10902"),
                log.choice("format", Logs.Format.class, Logs.Format.LOGFMT),
                log.choice("level", Logs.Level.class, Logs.Level.INFO),
                positive(root, "scan_interval", Duration.ofSeconds(30)),
                positive(root, "shutdown_grace", Duration.ofSeconds(20)),
                root.choice("transport", Transport.class, Transport.PLAIN),
                root.choice("order", ShippingOrder.class, ShippingOrder.OLDEST_FIRST),
                root.choice("centre", Centre.class, Centre.THANOS),
                plain(root),
                LinkConfig.from(root.section("link")),
                FutureSamples.from(root),
                SpoolConfig.from(root.section("spool")),
                RewriteConfig.from(root),
                file.keysRead());
        if (config.spool().store() == SpoolConfig.Store.PACKED && config.transport() != Transport.PACKED) {
            throw root.section("spool").wrong("store", "is packed only where transport is");
        }
        file.rejectUnknownKeys();
        return config;
    }

    PackConfig packs() {
        return new PackConfig(transport == Transport.PACKED, spool.store() == SpoolConfig.Store.PACKED);
    }

    /// What is configured that leaves holes to be filled later, on which a stock Thanos compactor halts; empty where
    /// our own compactor is at the centre, or nothing does.
    Optional<String> leavesHoles() {
        if (centre == Centre.EDGESHIP) {
            return Optional.empty();
        }
        if (order == ShippingOrder.FRESHEST_FIRST) {
            return Optional.of(
                    "order: freshest_first sends older blocks behind later ones, and a stock Thanos compactor "
                            + "halts on a block that comes into a window which it has compacted");
        }
        if (link.budget().onExhausted() == LinkConfig.OnExhausted.FRESHEST_ONLY) {
            return Optional.of(
                    "link.budget.on_exhausted: freshest_only sends older blocks behind later ones, and a stock "
                            + "Thanos compactor halts on a block that comes into a window which it has compacted");
        }
        if (spool.onFull() == OnFull.THIN) {
            return Optional.of(
                    "spool.on_full: thin leaves raw windows empty, and a stock Thanos compactor halts on a raw block that "
                            + "comes later into a window which it has compacted");
        }
        if (sources.stream().anyMatch(source -> source.reduction().resolution().isPresent())) {
            return Optional.of(
                    "sources[].reduce.resolution: 5m leaves the raw windows empty, and a stock Thanos compactor halts on "
                            + "a raw block that comes later into a window which it has compacted");
        }
        return Optional.empty();
    }

    private static PlainConfig plain(ConfigSection root) throws ConfigException {
        Duration maxAge = positive(root, "multipart_max_age", PlainConfig.DEFAULT.multipartMaxAge());
        try {
            return new PlainConfig(root.size("part_size", PlainConfig.DEFAULT.partSizeBytes()), maxAge);
        } catch (IllegalArgumentException e) {
            throw root.wrong("part_size", "is 5MiB to 5GiB");
        }
    }

    private static Duration positive(ConfigSection section, String key, Duration fallback) throws ConfigException {
        Duration value = section.duration(key, fallback);
        if (!value.isPositive()) {
            throw section.wrong(key, "is more than zero");
        }
        return value;
    }
}
