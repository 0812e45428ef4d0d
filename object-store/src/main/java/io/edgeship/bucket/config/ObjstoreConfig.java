package io.edgeship.bucket.config;

import io.edgeship.bucket.s3.S3Settings;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import io.edgeship.runtime.config.ConfigSection;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Where the bucket is.
public sealed interface ObjstoreConfig {
    /// Of every key; empty for none.
    String prefix();

    /// `type: FILESYSTEM`
    record Filesystem(Path directory, String prefix) implements ObjstoreConfig {}

    /// `type: S3`
    record S3(S3Settings settings, String prefix) implements ObjstoreConfig {}

    /// Reads an `objstore.yml`. The environment overrides nothing: Thanos reads the same file.
    static ObjstoreConfig read(Path file) throws ConfigException {
        return of(ConfigFile.read(file, Map.of()));
    }

    /// What an `objstore.yml` comes to with all defaults, secrets hidden.
    static String effective(Path file) throws ConfigException {
        ConfigFile config = ConfigFile.read(file, Map.of());
        of(config);
        return config.effective();
    }

    /// Reads text that stands for `name`.
    static ObjstoreConfig parse(String name, String yaml) throws ConfigException {
        return of(ConfigFile.parse(name, yaml, Map.of()));
    }

    private static ObjstoreConfig of(ConfigFile file) throws ConfigException {
        ObjstoreConfig config = from(file.root());
        file.rejectUnknownKeys();
        return config;
    }

    /// Reads what another configuration says under `objstore`: `file`, the name of an `objstore.yml`, or the same keys
    /// inline under `config`.
    ///
    /// @param directory that a relative file name is meant from
    static ObjstoreConfig fileOrInline(ConfigSection objstore, Path directory) throws ConfigException {
        return source(objstore, directory).config();
    }

    /// Reads what [#fileOrInline] does, and keeps where it came from, so that it can be read anew.
    static Source source(ConfigSection objstore, Path directory) throws ConfigException {
        Optional<Path> file = objstore.text("file").map(directory::resolve);
        ConfigSection inline = objstore.section("config");
        if (file.isPresent() == inline.isPresent()) {
            throw objstore.wrong("file", "or config is wanted, one of the two");
        }
        return new Source(file, file.isPresent() ? read(file.get()) : from(inline));
    }

    /// A configuration and where it came from.
    ///
    /// @param file   the `objstore.yml`; empty if the keys stand in another file, which is not read again
    /// @param config as it was then
    record Source(Optional<Path> file, ObjstoreConfig config) {
        /// What the file says now.
        ObjstoreConfig readAgain() throws ConfigException {
            return file.isPresent() ? read(file.get()) : config;
        }
    }

    /// The files that the configuration names: authorities, certificate and keys.
    default List<Path> files() {
        return switch (this) {
            case Filesystem _ -> List.of();
            case S3 s3 -> s3.settings().files();
        };
    }

    /// Reads the keys that stand inline in another configuration, which rejects unknown ones itself.
    static ObjstoreConfig from(ConfigSection section) throws ConfigException {
        String type = section.requiredText("type").toUpperCase(Locale.ROOT);
        String prefix = section.text("prefix", "").replaceAll("^/+|/+$", "");
        ConfigSection config = section.section("config");
        return switch (type) {
            case "FILESYSTEM" -> new Filesystem(Path.of(config.requiredText("directory")), prefix);
            case "S3" -> new S3(S3Settings.from(config), prefix);
            case "GCS", "AZURE", "SWIFT", "COS", "ALIYUNOSS", "BOS", "OCI", "OBS" ->
                throw section.wrong("type", type + " is not supported: use the store's S3 interface with type S3");
            default -> throw section.wrong("type", "is S3 or FILESYSTEM");
        };
    }
}
