package io.edgeship.runtime.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The words after a command, sorted into options and operands by its [Usage]. Immutable.
public final class Arguments {
    private final Map<String, List<String>> options;
    private final List<String> operands;

    private Arguments(Map<String, List<String>> options, List<String> operands) {
        this.options = options;
        this.operands = List.copyOf(operands);
    }

    /// Reads `--name value`, `--name=value`, `--flag` and operands in any order; `--` ends the options.
    ///
    /// @throws UsageException for an option the usage does not list, a value missing or too many, and
    ///     operands where the command takes none
    public static Arguments parse(Usage usage, List<String> words) throws UsageException {
        Map<String, List<String>> options = new LinkedHashMap<>();
        List<String> operands = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                operands.addAll(words.subList(i + 1, words.size()));
                break;
            }
            if (!word.startsWith("-") || word.equals("-")) {
                operands.add(word);
                continue;
            }
            boolean valueFollows = i + 1 < words.size();
            i += takeOption(usage, word, valueFollows ? words.get(i + 1) : "", valueFollows, options);
        }
        if (!operands.isEmpty() && usage.operands().isEmpty()) {
            throw new UsageException("'" + operands.getFirst() + "' is one word too many");
        }
        return new Arguments(options, operands);
    }

    /// Notes the option and returns how many of the words after it belong to it.
    private static int takeOption(
            Usage usage, String word, String next, boolean valueFollows, Map<String, List<String>> options)
            throws UsageException {
        int equals = word.indexOf('=');
        String name = word.substring(word.startsWith("--") ? 2 : 0, equals < 0 ? word.length() : equals);
        Option option = usage.option(name).orElseThrow(() -> new UsageException("no option " + word));
        List<String> values = options.computeIfAbsent(name, _ -> new ArrayList<>());
        if (option.valueName() == null) {
            if (equals >= 0) {
                throw new UsageException("--" + name + " takes no value");
            }
            return 0;
        }
        if (equals >= 0) {
            values.add(word.substring(equals + 1));
            return 0;
        }
        if (!valueFollows) {
            throw new UsageException("--" + name + " wants a value: " + option.valueName());
        }
        values.add(next);
        return 1;
    }

    /// Whether `--name` was given.
    public boolean flag(String name) {
        return options.containsKey(name);
    }

    /// The value of `--name`; the last one where it was given more than once.
    public Optional<String> value(String name) {
        List<String> values = values(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
    }

    /// The value of an option that the command cannot do without.
    public String requiredValue(String name) throws UsageException {
        return value(name).orElseThrow(() -> new UsageException("--" + name + " is missing"));
    }

    /// Every value of `--name`, in the order given.
    public List<String> values(String name) {
        return List.copyOf(options.getOrDefault(name, List.of()));
    }

    public List<String> operands() {
        return operands;
    }
}
