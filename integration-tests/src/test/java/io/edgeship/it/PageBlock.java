package io.edgeship.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the pages on adopting, upgrading, rolling back and uninstalling tell to run or to write, each of which a
/// test takes from there as it stands.
enum PageBlock {
    ADOPT_LOOK("adopt.md", "./edgeship check"),
    ADOPT_AGENT("adopt.md", "./edgeship agent --config"),
    ADOPT_SIDECAR("adopt.md", "thanos sidecar"),
    ADOPT_QUERIER("adopt.md", "thanos query"),
    ADOPT_COMPACTOR_LOOK("adopt.md", "./edgeship compact --dry-run"),
    ADOPT_PILOT("adopt.md", "selector:"),
    ADOPT_OTHERS("adopt.md", "thanos compact"),
    ROLL_BACK_RELEASE("roll-back.md", "./edgeship agent --release"),
    ROLL_BACK_SIDECAR("roll-back.md", "thanos sidecar"),
    ROLL_BACK_SPOOL("roll-back.md", "rm -r"),
    ROLL_BACK_COMPACTOR("roll-back.md", "thanos compact"),
    ROLL_BACK_TO_OURS("roll-back.md", "foreign_compactor:"),
    UPGRADE_LOOK("upgrade.md", "./edgeship check"),
    UNINSTALL_SITE("uninstall.md", "./edgeship agent --release"),
    UNINSTALL_BUCKET("uninstall.md", "rm -rf");

    private static final Path PAGES = Path.of("..", "docs", "operations");
    private static final Pattern FENCED = Pattern.compile("(?ms)^( *)```(\\w*)\\n(.*?)^ *```$");

    private final String page;
    private final String begins;

    PageBlock(String page, String begins) {
        this.page = page;
        this.begins = begins;
    }

    /// What stands between ` ``` ` and ` ``` `.
    ///
    /// @param language `sh` or `yaml`; empty where the page does not say
    record Fenced(String page, String language, String text) {
        boolean is(PageBlock block) {
            return page.equals(block.page) && text.startsWith(block.begins);
        }
    }

    /// All of a page, in its order, without the indentation of lists.
    static List<Fenced> of(String page) throws IOException {
        List<Fenced> all = new ArrayList<>();
        Matcher matcher = FENCED.matcher(words(page));
        while (matcher.find()) {
            String text = matcher.group(3).replaceAll("(?m)^" + matcher.group(1), "");
            all.add(new Fenced(page, matcher.group(2), text));
        }
        return all;
    }

    /// The page itself.
    static String words(String page) throws IOException {
        return Files.readString(PAGES.resolve(page));
    }

    /// The file's name.
    String page() {
        return page;
    }

    String text() throws IOException {
        return of(page).stream()
                .filter(fenced -> fenced.is(this))
                .map(Fenced::text)
                .findFirst()
                .orElseThrow(() -> new IOException("%s has nothing that begins with %s".formatted(page, begins)));
    }
}
