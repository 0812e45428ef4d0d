package io.edgeship.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The archive of classes (CDS) from which an image's JVM maps what it would else read and check: half the time to
/// start.
///
/// Which classes is written down in `distribution/classes`, learnt from short runs that send a block to nowhere: no two
/// runs load quite the same. They are dumped sorted, not linked, so that the bytes are the same each time. An AOT cache
/// would be 3 MB smaller in memory, and another one each time.
final class ClassArchive {
    private static final String FILE = "/opt/edgeship/classes.jsa";

    /// A block that the agent takes in.
    private static final String BLOCK = "integration-tests/src/main/resources/demo/greenhouse-7";

    private static final String NOWHERE =
            "{config: {type: S3, config: {bucket: b, endpoint: '127.0.0.1:1', insecure: true, "
                    + "region: r, access_key: a, secret_key: s, max_retries: 1}}}";

    private static final int RUNS = 3;
    private static final String WAITING = "java/util/concurrent/";

    private ClassArchive() {}

    /// Flags by which the JVM finds it. Without it everything works, a little slower.
    static List<String> flags() {
        return List.of("-XX:SharedArchiveFile=" + FILE, "-Xshare:auto", "-Xlog:cds=off", "-Xlog:aot=off");
    }

    /// Makes it in the file tree of an image that is whole but for it. Nothing is collected and no table grows
    /// meanwhile: that happens at another moment each time, and shows.
    static void make(Project project, ImageTree tree) throws IOException, InterruptedException {
        Program.run(
                tree.root(),
                command(
                        tree,
                        "-Xmx512m",
                        "-Xms512m",
                        "-Xmn400m",
                        "-XX:+UnlockExperimentalVMOptions",
                        "-XX:StringTableSize=65536",
                        "-XX:SymbolTableSize=65536",
                        "-Xshare:dump",
                        "-XX:-AOTClassLinking",
                        "-XX:SharedClassListFile=" + list(project, tree.image()),
                        "-XX:SharedArchiveFile=" + tree.at(FILE)),
                Set.of(0));
    }

    /// Writes down anew which classes go into it.
    static Path learn(Project project, ImageTree tree, Path work) throws IOException, InterruptedException {
        List<List<String>> runs = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            runs.add(loaded(project, tree, Tree.emptied(work.resolve("training"))));
        }
        List<String> usual = Files.readAllLines(tree.at(ImageTree.JAVA_HOME + "/lib/classlist"));
        return Files.write(list(project, tree.image()), agreed(runs, usual));
    }

    private static Path list(Project project, Image image) {
        return project.root().resolve("distribution/classes").resolve(image.title() + ".txt");
    }

    private static List<String> loaded(Project project, ImageTree tree, Path home)
            throws IOException, InterruptedException {
        Path list = home.resolve("loaded");
        List<String> run = command(tree, "-XX:DumpLoadedClassList=" + list);
        run.addAll(tree.main());
        run.addAll(words(project, tree.image(), home));
        Program.run(home, run, Set.of(0, 1)); // 1: something is left, for nothing could be sent
        return Files.readAllLines(list);
    }

    private static List<String> command(ImageTree tree, String... flags) {
        List<String> command = new ArrayList<>(
                List.of(tree.at(ImageTree.JAVA_HOME + "/bin/java").toString()));
        command.addAll(tree.jvm(tree.root().toString()));
        command.addAll(List.of(flags));
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

    /// What several runs agree on, sorted, without what depends on the moment: constants that happened to be resolved,
    /// and classes by which threads wait for each other. Of the latter those come in that the JDK itself archives.
    ///
    /// @param runs what each has loaded
    /// @param usual what the JDK archives
    static List<String> agreed(List<List<String>> runs, List<String> usual) {
        Set<String> agreed = new TreeSet<>();
        lines(runs.getFirst()).filter(line -> !line.startsWith(WAITING)).forEach(agreed::add);
        for (List<String> run : runs) {
            agreed.retainAll(lines(run).collect(Collectors.toSet()));
        }
        lines(usual).filter(line -> line.startsWith(WAITING)).forEach(agreed::add);
        return List.copyOf(agreed);
    }

    private static Stream<String> lines(List<String> list) {
        return list.stream()
                .filter(line -> !line.startsWith("#") && !line.startsWith("@cp "))
                .map(line -> line.replaceFirst(" id: \\d+$", ""));
    }
}
