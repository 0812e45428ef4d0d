package io.edgeship.dist;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// `edgeship-VERSION.tar.gz`: the launcher and the jars, for a machine with Java 25 and nothing else.
final class RunnableArchive {
    private static final List<String> MODULES = List.of("block-format", "shipper-agent", "compactor");
    private static final List<String> FILES =
            List.of("edgeship", "scripts/toolchain.sh", "LICENSE", "README.md", "CHANGELOG.md", "ARCHITECTURE.md");
    private static final List<String> FOLDERS =
            List.of("scripts/jvm", "docs", "deploy/examples", "deploy/objstore", "deploy/mixin");

    /// A block that the launcher lets the agent take in once, so that it starts quicker after.
    private static final String TRAINING = "integration-tests/src/main/resources/demo/greenhouse-7";

    private RunnableArchive() {}

    static Path write(Project project, Path directory) throws IOException {
        String top = "edgeship-" + project.version();
        Path archive = directory.resolve(top + ".tar.gz");
        try (TarGz tar = new TarGz(archive, project.time())) {
            for (String file : FILES) {
                tar.add(top + "/" + file, project.root().resolve(file));
            }
            for (String folder : FOLDERS) {
                tar.addTree(top + "/" + folder, project.root().resolve(folder));
            }
            tar.addTree(top + "/training", project.root().resolve(TRAINING));
            for (String module : MODULES) {
                List<Path> jars = project.jars(module);
                for (Path jar : jars) {
                    tar.add(top + "/lib/" + jar.getFileName(), jar);
                }
                tar.add(
                        top + "/lib/" + module + ".classpath",
                        jars.stream().map(jar -> jar.getFileName() + "\n").collect(Collectors.joining()));
            }
        }
        return archive;
    }
}
