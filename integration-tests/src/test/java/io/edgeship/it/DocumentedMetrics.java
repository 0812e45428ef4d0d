package io.edgeship.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The metrics that our programs register, as the reference pages list them: tests of each module hold its page to the
/// code, both ways.
final class DocumentedMetrics {
    private static final Path PAGES = Path.of("..", "docs", "reference");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern OURS = Pattern.compile("\\b(?:edgeship|thanos)_[a-z0-9_]+");
    private static final Pattern SERIES_OF_SUMMARY = Pattern.compile("_(count|sum|bucket)$");

    private DocumentedMetrics() {}

    static Set<String> all() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String page : List.of("agent.md", "compactor.md", "objstore.md")) {
            boolean isListed = false;
            for (String line : Files.readAllLines(PAGES.resolve(page))) {
                if (line.startsWith("## ")) {
                    isListed = line.startsWith("## Metrics");
                }
                if (isListed && line.startsWith("| `")) {
                    String cell = line.substring(0, line.indexOf(" |", 1));
                    CODE.matcher(cell).results().forEach(match -> names.add(match.group(1)));
                }
            }
        }
        return names;
    }

    /// Names in an expression that look like metrics of ours, or of Thanos; of a summary's series, the summary's.
    ///
    /// @param known the documented ones
    static Set<String> usedIn(String expression, Set<String> known) {
        return OURS.matcher(expression)
                .results()
                .map(match -> match.group())
                .map(name -> known.contains(name)
                        ? name
                        : SERIES_OF_SUMMARY.matcher(name).replaceAll(""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
