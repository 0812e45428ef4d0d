package io.edgeship.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The C library of this machine, as far as a runtime needs it, and what it is configured by: all there is below the
/// JVM in an image.
///
/// @param version of the C library, as its package names it
record SystemLibraries(String version) {
    private static final Pattern VERSION = Pattern.compile("^ldd \\((.+)\\) (\\d+)\\.(\\d+)");
    private static final Pattern LIBRARY = Pattern.compile("^\\s*(?:\\S+ => )?(/\\S+) \\(0x");

    /// Since then names are looked up, and UTF-8 is known, without files beside the library.
    private static final int MINOR_MIN = 35;

    private static final List<Path> LICENCES =
            List.of(Path.of("/usr/share/doc/libc6/copyright"), Path.of("/usr/share/licenses/glibc/LICENSES"));

    /// @throws IOException if it is too old, or not glibc
    static SystemLibraries ofThisMachine() throws IOException, InterruptedException {
        String first = Program.run(Path.of("/"), "ldd", "--version")
                .lines()
                .findFirst()
                .orElse("");
        Matcher matcher = VERSION.matcher(first);
        if (!matcher.find() || Integer.parseInt(matcher.group(3)) < MINOR_MIN) {
            throw new IOException(
                    "the images want the C library glibc 2.%d or later, not: %s".formatted(MINOR_MIN, first));
        }
        return new SystemLibraries(matcher.group(1));
    }

    /// Copies into the file tree of an image what the programs and libraries in `consumers` are linked with.
    void copyInto(Path tree, List<Path> consumers) throws IOException, InterruptedException {
        Set<Path> wanted = new TreeSet<>();
        for (Path consumer : consumers) {
            for (Path file : Tree.files(consumer)) {
                if (isNative(file)) {
                    wanted.addAll(linkedWith(file, tree));
                }
            }
        }
        for (Path library : wanted) {
            copy(library, tree);
        }
        for (Path licence : LICENCES) {
            if (Files.isRegularFile(licence)) {
                copy(licence, tree);
            }
        }
        Path etc = Files.createDirectories(tree.resolve("etc"));
        Files.writeString(etc.resolve("nsswitch.conf"), "hosts: files dns\n");
    }

    private static boolean isNative(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] magic = in.readNBytes(4);
            return magic.length == 4 && magic[0] == 0x7f && magic[1] == 'E' && magic[2] == 'L' && magic[3] == 'F';
        }
    }

    private static Set<Path> linkedWith(Path file, Path tree) throws IOException, InterruptedException {
        String output = Program.run(tree, List.of("ldd", file.toString()), Set.of(0, 1)); // 1: is not linked with any
        Set<Path> libraries = new TreeSet<>();
        for (String line : output.lines().toList()) {
            if (line.contains("not found") && !comes(line.strip().split(" ")[0], tree)) {
                throw new IOException("%s wants what this machine does not have: %s".formatted(file, line.strip()));
            }
            Matcher matcher = LIBRARY.matcher(line);
            if (matcher.find()) {
                libraries.add(Path.of(matcher.group(1)));
            }
        }
        libraries.removeIf(library -> library.startsWith(tree));
        return libraries;
    }

    /// Whether the tree has it, as the JVM's own parts are: they find each other in the running JVM.
    private static boolean comes(String library, Path tree) throws IOException {
        return Tree.files(tree).stream().anyMatch(file -> file.endsWith(library));
    }

    private static void copy(Path file, Path tree) throws IOException {
        Path target = tree.resolve(Path.of("/").relativize(file));
        Files.createDirectories(target.resolveSibling("."));
        Files.copy(file.toRealPath(), target, StandardCopyOption.REPLACE_EXISTING);
    }
}
