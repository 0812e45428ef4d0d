package io.edgeship.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The files of an image, laid out in a directory.
///
/// `java @/edgeship WORDS` is the entry point, and what a person types in the container: `/edgeship` holds flags, class
/// path and main class.
record ImageTree(Path root, Image image, List<Path> jars, List<String> flags) {
    /// Of every file in an image, as Jib has it. The JVM compares its jars' times with those that an archive of classes
    /// was made from.
    static final Instant TIME = Instant.ofEpochSecond(1);

    static final String JAVA_HOME = "/opt/java";
    static final String ENTRY = "/edgeship";
    private static final String HOME = "/opt/edgeship";
    private static final String FLAGS = HOME + "/flags";
    private static final String MAIN = "io.edgeship.runtime.image.ImageMain";

    /// Lays it out, but for the archive of classes.
    static ImageTree make(Project project, Image image, Jdk jdk, SystemLibraries libraries, Path root)
            throws IOException, InterruptedException {
        Tree.emptied(root);
        List<Path> jars = project.jars(image.module());
        ImageTree tree = new ImageTree(root, image, jars, flags(project, image));
        Files.createDirectories(tree.at("/opt"));
        jdk.link(image.javaModules(), tree.at(JAVA_HOME));
        Path lib = Files.createDirectories(tree.at(HOME + "/lib"));
        for (Path jar : jars) {
            ImageJar.copy(jar, lib.resolve(jar.getFileName()));
        }
        NativeCodecs.unpack(jars, jdk.architecture(), root);
        Files.copy(project.root().resolve("LICENSE"), tree.at(HOME + "/LICENSE"));
        libraries.copyInto(root, List.of(tree.at(JAVA_HOME), tree.at(NativeCodecs.DIRECTORY)));
        Files.createDirectories(tree.at("/tmp"));
        tree.writeFlags();
        for (Path file : Tree.files(root)) {
            Files.setLastModifiedTime(file, FileTime.from(TIME));
        }
        return tree;
    }

    /// Those that the launcher gives.
    private static List<String> flags(Project project, Image image) throws IOException {
        List<String> words = new ArrayList<>();
        for (String name : List.of("common", image.flags())) {
            Path file = project.root().resolve("scripts/jvm").resolve(name + ".flags");
            for (String line : Files.readAllLines(file)) {
                if (!line.startsWith("#")) {
                    words.addAll(List.of(line.split(" ")));
                }
            }
        }
        return words;
    }

    private void writeFlags() throws IOException {
        List<String> lines = new ArrayList<>(jvm(""));
        lines.addAll(0, ClassArchive.flags());
        lines.addAll(0, NativeCodecs.flags());
        lines.addFirst("-Dedgeship.image.flags=" + FLAGS);
        Files.write(at(FLAGS), lines);
        lines.addAll(main());
        Files.write(at(ENTRY), lines);
    }

    /// Flags and class path.
    ///
    /// @param prefix of the paths: where the image's root is, for whoever runs it
    List<String> jvm(String prefix) {
        List<String> words = new ArrayList<>(flags);
        words.add("-cp");
        words.add(jars.stream()
                .map(jar -> prefix + HOME + "/lib/" + jar.getFileName())
                .collect(Collectors.joining(":")));
        return words;
    }

    /// Main class, and the one that it leads to.
    List<String> main() {
        return List.of(MAIN, image.main());
    }

    /// Where a file of the image lies here.
    Path at(String path) {
        return root.resolve(path.substring(1));
    }
}
