package io.edgeship.runtime.cli;

import org.jspecify.annotations.Nullable;

/// One `--name` of a command.
///
/// @param name      without the dashes
/// @param valueName what follows it, in capitals, or null for a flag that takes nothing
public record Option(String name, @Nullable String valueName, String help) {
    String synopsis() {
        return valueName == null ? "--" + name : "--" + name + " " + valueName;
    }
}
