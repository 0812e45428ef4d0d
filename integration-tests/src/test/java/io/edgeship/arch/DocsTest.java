package io.edgeship.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The pages that no module owns agree with the tree.
class DocsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#\\s]+)");
    private static final Pattern PACKAGE = Pattern.compile("`(io\\.edgeship(?:\\.[a-z0-9]+)+)`");
    private static final Set<String> NOT_OURS = Set.of(".git", ".edgeship", "target");

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                if (!Files.exists(page.resolveSibling(links.group(1)))) {
                    broken.add(ROOT.relativize(page) + ": " + links.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyPackageNamedOnTheMapExists() throws IOException {
        for (String page : List.of("ARCHITECTURE.md", "docs/formats.md", "README.md")) {
            Matcher names = PACKAGE.matcher(Files.readString(ROOT.resolve(page)));
            while (names.find()) {
                String folder = "src/main/java/" + names.group(1).replace('.', '/');
                String testFolder = "src/test/java/" + names.group(1).replace('.', '/');
                assertThat(modules())
                        .as("%s names %s", page, names.group(1))
                        .anyMatch(module -> Files.isDirectory(module.resolve(folder))
                                || Files.isDirectory(module.resolve(testFolder)));
            }
        }
    }

    @Test
    void everyModuleExplainsItself() {
        for (Path module : modules()) {
            assertThat(module.resolve("README.md")).exists();
        }
    }

    private static List<Path> modules() {
        try (var children = Files.list(ROOT)) {
            return children.filter(child -> Files.exists(child.resolve("pom.xml")) && Files.isDirectory(child))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<Path> pages() throws IOException {
        Set<Path> pages = new TreeSet<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                return NOT_OURS.contains(dir.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.getFileName().toString().endsWith(".md")) {
                    pages.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return pages;
    }
}
