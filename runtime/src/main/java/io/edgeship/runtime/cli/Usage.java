package io.edgeship.runtime.cli;

import java.util.List;
import java.util.Optional;

/// What a command takes, and its `--help`.
///
/// @param command  the words that name it: `block verify`
/// @param operands what follows the options: `DIR...`, or empty; a command without operands refuses any
/// @param summary  one line without a full stop
/// @param details  lines printed after the options, or empty
public record Usage(String command, String operands, String summary, List<Option> options, String details) {
    private static final int MARGIN = 26;

    public Usage {
        options = List.copyOf(options);
    }

    /// The text that `--help` prints.
    public String help() {
        StringBuilder text = new StringBuilder("Usage: edgeship " + command);
        if (!options.isEmpty()) {
            text.append(" [OPTION...]");
        }
        if (!operands.isEmpty()) {
            text.append(' ').append(operands);
        }
        text.append("\n\n").append(summary).append(".\n\n");
        for (Option option : options) {
            line(text, option.synopsis(), option.help());
        }
        line(text, "--help", "print this text");
        if (!details.isEmpty()) {
            text.append('\n').append(details.stripTrailing()).append('\n');
        }
        return text.toString();
    }

    Optional<Option> option(String name) {
        return options.stream().filter(option -> option.name().equals(name)).findFirst();
    }

    static void line(StringBuilder text, String left, String right) {
        text.append("  ").append(left);
        int column = left.length() + 2;
        if (column >= MARGIN) {
            text.append('\n');
            column = 0;
        }
        text.repeat(' ', MARGIN - column).append(right).append('\n');
    }
}
