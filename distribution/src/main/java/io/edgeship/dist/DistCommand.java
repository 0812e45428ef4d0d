package io.edgeship.dist;

import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// `dist`: everything that a release consists of.
final class DistCommand implements Command {
    private static final double MIB = 1024.0 * 1024.0;

    /// The same wherever the checkout lies: an archive of classes names the paths that it was made from.
    private static final Path WORK = Path.of("/tmp/edgeship-dist");

    @Override
    public Usage usage() {
        return new Usage(
                "dist",
                "",
                "Make images, charts, the runnable archive, the bill of materials and checksums, in target/dist",
                List.of(
                        new Option(
                                "jdk",
                                "DIR",
                                "the JDK 25 that the images get; it says their platform; by default ours"),
                        new Option("check", null, "make everything twice; exit 1 where the bytes differ"),
                        new Option(
                                "learn",
                                null,
                                "instead: write down which classes the images load at their start, distribution/classes")),
                "Images are for the platform of this machine. No container runtime is needed, and no registry.");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
        Project project = Project.at(
                Path.of(System.getenv().getOrDefault("EDGESHIP_HOME", ".")).toRealPath());
        Jdk jdk = Jdk.at(Path.of(arguments.value("jdk").orElse(System.getProperty("java.home"))));
        if (arguments.flag("learn")) {
            return learn(project, jdk, terminal);
        }
        Path target = make(project, jdk, project.root().resolve("target/dist"));
        for (Path file : Tree.files(target)) {
            terminal.out()
                    .printf(
                            Locale.ROOT,
                            "%8.1f MiB  %s%n",
                            Files.size(file) / MIB,
                            project.root().relativize(file));
        }
        boolean same = !arguments.flag("check")
                || isSame(target, make(project, jdk, project.root().resolve(".edgeship/dist-again")), terminal);
        return same ? ExitCode.DONE : ExitCode.WORK_LEFT;
    }

    private static ExitCode learn(Project project, Jdk jdk, Terminal terminal) throws Exception {
        Tree.emptied(WORK);
        SystemLibraries libraries = SystemLibraries.ofThisMachine();
        for (Image image : Image.values()) {
            ImageTree tree = ImageTree.make(project, image, jdk, libraries, WORK.resolve(image.title()));
            Path list = ClassArchive.learn(project, tree, WORK);
            terminal.out().println("written: " + project.root().relativize(list));
        }
        Tree.remove(WORK);
        return ExitCode.DONE;
    }

    private static Path make(Project project, Jdk jdk, Path target) throws Exception {
        Tree.emptied(target);
        Tree.emptied(WORK);
        SystemLibraries libraries = SystemLibraries.ofThisMachine();
        for (Image image : Image.values()) {
            ChartArchive.write(project, image.title(), target);
            ImageTree tree = ImageTree.make(project, image, jdk, libraries, WORK.resolve(image.title()));
            ClassArchive.make(project, tree);
            ImageTar.write(project, tree, jdk.architecture(), Tree.emptied(WORK.resolve("jib")), target);
        }
        RunnableArchive.write(project, target);
        Bom.write(project, jdk, libraries, target);
        Checksums.write(target);
        Tree.remove(WORK);
        return target;
    }

    private static boolean isSame(Path first, Path second, Terminal terminal) throws IOException {
        Map<String, String> one = Checksums.of(first);
        Map<String, String> other = Checksums.of(second);
        Set<String> names = new TreeSet<>(one.keySet());
        names.addAll(other.keySet());
        names.removeIf(name -> one.getOrDefault(name, "").equals(other.get(name)));
        names.forEach(name -> terminal.out().println("made twice, the bytes differ: " + name));
        if (names.isEmpty()) {
            terminal.out().println("made twice, the bytes are the same");
        }
        return names.isEmpty();
    }
}
