package io.edgeship.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The archive of classes (CDS) from which an image's JVM maps what it would else read and check: half the time to
/// start.
///
/// One short run, which sends a block to nowhere, says which classes; they are dumped sorted, not linked, so that the
/// same
/// classes give the same bytes. An AOT cache would be 3 MB smaller in memory, and another one each time.
final class ClassArchive {
    private static final String FILE = "/opt/edgeship/classes.jsa";

    /// A block that the agent takes in.
    private static final String BLOCK = "integration-tests/src/main/resources/demo/greenhouse-7";

    private static final String NOWHERE =
            "{config: {type: S3, config: {bucket: b, endpoint: '127.0.0.1:1', insecure: true, "
                    + "region: r, access_key: a, secret_key: s, max_retries: 1}}}";

    private ClassArchive() {}

    /// Flags by which the JVM finds it. Without it everything works, a little slower.
    static List<String> flags() {
        return List.of("-XX:SharedArchiveFile=" + FILE, "-Xshare:auto", "-Xlog:cds=off", "-Xlog:aot=off");
    }

    /// Makes it in the file tree of an image that is whole but for it.
    static void make(Project project, ImageTree tree, Path work) throws IOException, InterruptedException {
        Path home = Tree.emptied(work.resolve("training"));
        Path loaded = home.resolve("loaded");
        List<String> run = command(tree, "-XX:DumpLoadedClassList=" + loaded);
        run.addAll(tree.main());
        run.addAll(words(project, tree.image(), home));
        Program.run(home, run, Set.of(0, 1)); // 1: something is left, for nothing could be sent
        Path classes = Files.write(home.resolve("classes"), sorted(Files.readAllLines(loaded)));
        Program.run(
                home,
                command(
                        tree,
                        "-Xshare:dump",
                        "-XX:-AOTClassLinking",
                        "-XX:SharedClassListFile=" + classes,
                        "-XX:SharedArchiveFile=" + tree.at(FILE)),
                Set.of(0));
    }

    private static List<String> command(ImageTree tree, String... flags) {
        List<String> command = new ArrayList<>(
                List.of(tree.at(ImageTree.JAVA_HOME + "/bin/java").toString()));
        command.addAll(List.of(flags));
        command.addAll(tree.jvm(tree.root().toString()));
        return command;
    }

    private static List<String> words(Project project, Image image, Path home) throws IOException {
        Path config = home.resolve("config.yaml");
        return switch (image) {
            case AGENT -> {
                Path data = home.resolve("data");
                Files.createDirectories(data.resolve("wal"));
                Tree.copy(project.root().resolve(BLOCK), data);
                Files.writeString(config, """
                        site: training
                        sources: [{type: prometheus, path: '%s', external_labels: {replica: a}}]
                        objstore: %s
                        http: {listen: "127.0.0.1:0"}
                        """.formatted(data, NOWHERE));
                yield List.of("agent", "--once", "--config=" + config);
            }
            case CENTRAL -> {
                Files.writeString(config, "objstore: %s\nhttp: {listen: \"127.0.0.1:0\"}\n".formatted(NOWHERE));
                yield List.of("compact", "--once", "--config=" + config);
            }
        };
    }

    /// Without what depends on the moment: the order, and which constants happened to be resolved.
    static List<String> sorted(List<String> loaded) {
        return loaded.stream()
                .filter(line -> !line.startsWith("#") && !line.startsWith("@cp "))
                .map(line -> line.replaceFirst(" id: \\d+$", ""))
                .sorted()
                .distinct()
                .toList();
    }
}
