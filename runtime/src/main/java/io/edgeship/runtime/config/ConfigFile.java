package io.edgeship.runtime.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/// One configuration file, read key by key through [#root]. Whoever has read all the keys there are calls
/// [#rejectUnknownKeys]. Not thread-safe.
public final class ConfigFile {
    private static final String ENVIRONMENT_PREFIX = "EDGESHIP";

    /// A configuration is a page, not a data set.
    private static final int CODE_POINTS_MAX = 1 << 20;

    private final ConfigSection root;
    private final SortedSet<String> keysRead = new TreeSet<>();

    private ConfigFile(String name, @Nullable MappingNode node, Map<String, String> environment) {
        ConfigSource source = new ConfigSource(name, Map.copyOf(environment), keysRead);
        root = new ConfigSection(source, node, new SectionPath("", "", ENVIRONMENT_PREFIX));
    }

    /// @param environment variables that may override keys; empty for a file that has no such overrides
    public static ConfigFile read(Path file, Map<String, String> environment) throws ConfigException {
        try {
            if (Files.size(file) > 4L * CODE_POINTS_MAX) {
                throw new ConfigException(file + ": larger than any configuration is");
            }
            return parse(file.toString(), Files.readString(file), environment);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": no such file", e);
        } catch (IOException e) {
            throw new ConfigException(file + ": " + e.getMessage(), e);
        }
    }

    /// Reads `yaml`; `name` stands for it in errors. Of several documents the first counts, as in Thanos.
    public static ConfigFile parse(String name, String yaml, Map<String, String> environment) throws ConfigException {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setAllowNonScalarKeys(true) // PlainYaml refuses them, with their line
                .setMaxAliasesForCollections(0)
                .setCodePointLimit(CODE_POINTS_MAX)
                .build();
        try {
            var documents = new Compose(settings).composeAllFromString(yaml).iterator();
            Optional<Node> document = documents.hasNext() ? Optional.of(documents.next()) : Optional.empty();
            if (document.isEmpty() || ConfigNodes.isNull(document.get())) {
                return new ConfigFile(name, null, environment);
            }
            if (!(document.get() instanceof MappingNode mapping)) {
                throw new ConfigException(name + ":1: keys and values are wanted here");
            }
            new PlainYaml(name).check(mapping, "");
            return new ConfigFile(name, mapping, environment);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new ConfigException(
                    name + ":" + line + ": " + e.getProblem()); // no cause: it quotes the file's lines
        } catch (YamlEngineException e) {
            throw new ConfigException(name + ": " + e.getMessage());
        } catch (StackOverflowError e) {
            throw new ConfigException(name + ": nested more deeply than any configuration is", e);
        }
    }

    public ConfigSection root() {
        return root;
    }

    /// Fails on the first key that nobody has asked for. Environment variables are not judged: Kubernetes adds its own
    /// for a service called `edgeship`.
    public void rejectUnknownKeys() throws ConfigException {
        root.rejectUnknownKeys();
    }

    /// What the configuration came to, as YAML that means the same when it is read from the same directory: each key
    /// asked for so far, with the default where nothing is said; a comment names the variable that overrides it.
    /// Secrets are hidden.
    public String effective() {
        return String.join("\n", EffectiveYaml.lines(root.effective())) + "\n";
    }

    /// Every key asked for so far, as documentation spells it: `sources[].path`.
    public SortedSet<String> keysRead() {
        return Collections.unmodifiableSortedSet(keysRead);
    }
}
