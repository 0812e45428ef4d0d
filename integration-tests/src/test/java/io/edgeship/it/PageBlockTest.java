package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a page tells to run is run by a test, or named here.
class PageBlockTest {
    private static final Path TESTS = Path.of("src/test/java/io/edgeship/it");
    private static final Pattern FOREIGN = Pattern.compile("`((?:kubectl|helm|mc|aws) [^`]*)`");

    /// There was no cluster, nor the clients of object stores. The pages say so.
    private static final Set<String> NEVER_RUN = Set.of(
            "helm upgrade",
            "helm uninstall",
            "mc rm --recursive --force STORE/BUCKET/edgeship/",
            "aws s3 rm --recursive s3://BUCKET/edgeship/");

    private static Set<String> pages() {
        return Arrays.stream(PageBlock.values()).map(PageBlock::page).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyBlockOfThesePagesIsOneThatATestTakes() throws IOException {
        for (String page : pages()) {
            for (PageBlock.Fenced fenced : PageBlock.of(page)) {
                List<PageBlock> meant =
                        Arrays.stream(PageBlock.values()).filter(fenced::is).toList();
                assertThat(meant).as("%s: %s", page, fenced.text()).hasSize(1);
                assertThat(fenced.language()).as("%s: %s", page, fenced.text()).isIn("sh", "yaml");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBlockStandsOnItsPageOnceAndIsTakenByATest(PageBlock block) throws IOException {
        assertThat(PageBlock.of(block.page()))
                .filteredOn(fenced -> fenced.is(block))
                .hasSize(1);
        try (Stream<Path> files = Files.list(TESTS)) {
            List<Path> users =
                    files.filter(file -> file.toString().endsWith("IT.java")).toList();
            assertThat(users).anySatisfy(file -> assertThat(file).content().contains("PageBlock." + block));
        }
    }

    @Test
    void otherProgramsCommandsAreThoseThatCouldNotBeRun() throws IOException {
        Set<String> named = new TreeSet<>();
        for (String page : pages()) {
            FOREIGN.matcher(PageBlock.words(page)).results().forEach(found -> named.add(found.group(1)));
        }
        assertThat(named).isEqualTo(new TreeSet<>(NEVER_RUN));
    }
}
