package io.edgeship.runtime.config;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// What the sections of a file ask of the parser's nodes.
final class ConfigNodes {
    private ConfigNodes() {}

    static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    static List<NodeTuple> entries(@Nullable MappingNode mapping) {
        return mapping == null ? List.of() : mapping.getValue();
    }

    static @Nullable Node value(@Nullable MappingNode mapping, String key) {
        for (NodeTuple entry : entries(mapping)) {
            if (entry.getKeyNode() instanceof ScalarNode scalar
                    && scalar.getValue().equals(key)) {
                return entry.getValueNode();
            }
        }
        return null;
    }

    static int lineOf(@Nullable Node node) {
        return node == null
                ? 1
                : node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
