package io.edgeship.runtime.config;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Refuses the YAML that a configuration has no use for and that hides mistakes: a key written twice, tags,
/// aliases, and keys that are not single values. The composer lets all of these pass.
final class PlainYaml {
    private static final Set<Tag> TAGS = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.SEQ, Tag.MAP);

    private final String file;
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    PlainYaml(String file) {
        this.file = file;
    }

    /// @param path of the node, for errors; empty for the whole file
    void check(Node node, String path) throws ConfigException {
        if (!seen.add(node)) {
            throw wrong(node, path + " is an alias; write the value out");
        }
        if (!TAGS.contains(node.getTag())) {
            throw wrong(node, path + " has a tag; plain values are wanted");
        }
        if (node instanceof MappingNode mapping) {
            checkKeys(mapping, path);
        } else if (node instanceof SequenceNode sequence) {
            for (int i = 0; i < sequence.getValue().size(); i++) {
                check(sequence.getValue().get(i), path + "[" + i + "]");
            }
        }
    }

    private void checkKeys(MappingNode mapping, String path) throws ConfigException {
        Set<String> keys = new HashSet<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw wrong(entry.getKeyNode(), "a key is a single value, not a list or a mapping");
            }
            String keyPath = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            if (!keys.add(key.getValue())) {
                throw wrong(key, "key '" + keyPath + "' is written twice");
            }
            check(entry.getValueNode(), keyPath);
        }
    }

    private ConfigException wrong(Node node, String problem) {
        int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
        return new ConfigException(file + ":" + line + ": " + problem);
    }
}
