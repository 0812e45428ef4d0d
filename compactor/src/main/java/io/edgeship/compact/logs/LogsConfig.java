package io.edgeship.compact.logs;

import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The section `logs` of `compactor.yaml`.
///
/// @param objstore        the bucket of the central Loki
/// @param loki            where its configuration is read
/// @param verbatimTenants tenants that any site may write to as they are
public record LogsConfig(ObjstoreConfig objstore, LokiConfigSource loki, Set<String> verbatimTenants) {
    public LogsConfig {
        verbatimTenants = Set.copyOf(verbatimTenants);
    }

    /// Empty where the section is not there.
    ///
    /// @param directory that relative file names are meant from
    /// @param blocks    the other bucket
    public static Optional<LogsConfig> read(ConfigSection logs, Path directory, ObjstoreConfig blocks)
            throws ConfigException {
        ConfigSection objstore = logs.section("objstore");
        ConfigSection loki = logs.section("loki");
        Set<String> verbatim = Set.copyOf(logs.texts("verbatim_tenants"));
        boolean given = List.of(
                        objstore.text("file").isPresent(),
                        objstore.section("config").isPresent(),
                        loki.text("url").isPresent(),
                        loki.text("config_file").isPresent(), // each is asked for, so that each is known
                        !verbatim.isEmpty())
                .contains(true);
        if (!given) {
            return Optional.empty();
        }
        ObjstoreConfig bucket = ObjstoreConfig.fileOrInline(objstore, directory);
        if (bucket.equals(blocks)) {
            throw logs.wrong("objstore", "is a bucket of its own: the listing of blocks is not to list every chunk");
        }
        return Optional.of(new LogsConfig(bucket, source(loki, directory), verbatim));
    }

    private static LokiConfigSource source(ConfigSection loki, Path directory) throws ConfigException {
        Optional<String> url = loki.text("url");
        Optional<Path> file = loki.text("config_file").map(directory::resolve);
        if (url.isPresent() == file.isPresent()) {
            throw loki.wrong("url", "or config_file is wanted, one of the two");
        }
        if (file.isPresent()) {
            return new LokiConfigSource.File(file.get());
        }
        try {
            URI uri = URI.create(url.orElseThrow().replaceAll("/+$", ""));
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return new LokiConfigSource.Running(uri);
            }
        } catch (IllegalArgumentException e) {
            throw loki.wrong("url", "is no URL: " + e.getMessage());
        }
        throw loki.wrong("url", "is an address like http://loki:3100");
    }
}
