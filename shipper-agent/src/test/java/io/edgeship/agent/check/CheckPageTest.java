package io.edgeship.agent.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CheckPageTest {
    private static final Path PAGE = Path.of("../docs/operations/check.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z][a-z0-9-]+)` \\|");

    @Test
    void thePageNamesEveryCheckInItsOrderAndNoOthers() throws Exception {
        List<String> onPage = new ArrayList<>();
        ROW.matcher(Files.readString(PAGE)).results().forEach(row -> onPage.add(row.group(1)));
        assertThat(onPage)
                .isEqualTo(Arrays.stream(Check.values()).map(Check::toString).toList());
    }
}
