package io.edgeship.block.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.verify.Rule;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The reference page says what the code does, no less and no more.
class BlockPageTest {
    private static final Path PAGE = Path.of("../docs/reference/block.md");
    private static final Pattern COMMAND = Pattern.compile("## `edgeship (.*)`");
    private static final Pattern FLAG = Pattern.compile("--([a-z][a-z-]*)( [A-Z=]+)?");

    @Test
    void documentsEveryCommandAndEachOfItsOptionsAndNoOthers() throws IOException {
        Map<String, Set<String>> inCode = new TreeMap<>();
        for (Command command : BlockMain.commands()) {
            Set<String> flags = new TreeSet<>();
            for (Option option : command.usage().options()) {
                flags.add(option.valueName() == null ? option.name() : option.name() + " " + option.valueName());
            }
            inCode.put((command.usage().command() + " " + command.usage().operands()).strip(), flags);
        }

        assertThat(onPage()).isEqualTo(inCode);
    }

    @Test
    void listsEveryRuleWithWhatThanosDoes() throws IOException {
        List<String> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.matches("\\| `[A-Z_]+` .*"))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(
                        Arrays.stream(Rule.values()).map(BlockPageTest::row).toList());
    }

    private static String row(Rule rule) {
        return "| `%s` | %s | %s |"
                .formatted(rule, rule.text(), rule.consequence().text());
    }

    private static Map<String, Set<String>> onPage() throws IOException {
        Map<String, Set<String>> commands = new TreeMap<>();
        Set<String> flags = new TreeSet<>();
        for (String line : Files.readAllLines(PAGE)) {
            var heading = COMMAND.matcher(line);
            if (heading.matches()) {
                flags = new TreeSet<>();
                commands.put(heading.group(1), flags);
            }
            FLAG.matcher(line)
                    .results()
                    .map(found -> found.group().substring(2))
                    .forEach(flags::add);
        }
        return commands;
    }
}
