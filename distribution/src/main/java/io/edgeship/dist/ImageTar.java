package io.edgeship.dist;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An image as a file: an OCI layout that `docker load` understands too.
final class ImageTar {
    private static final List<String> SHELL_LESS = List.of(ImageTree.JAVA_HOME + "/bin/java", "@" + ImageTree.ENTRY);

    /// Any other will do; this one is nobody's.
    private static final String USER = "65532:65532";

    private ImageTar() {}

    /// @param caches a directory for what Jib keeps while it works
    static Path write(Project project, ImageTree tree, String architecture, Path caches, Path directory)
            throws Exception {
        String title = tree.image().title();
        Path target = directory.resolve("%s-%s-linux-%s.tar".formatted(title, project.version(), architecture));
        Path raw = caches.resolve(title + ".tar");
        String name = title + ":" + project.version();
        container(project, tree, architecture)
                .containerize(Containerizer.to(TarImage.at(raw).named(name))
                        .setOfflineMode(true)
                        .setToolName("edgeship-dist")
                        .setBaseImageLayersCache(caches.resolve("base"))
                        .setApplicationLayersCache(caches.resolve("layers")));
        OciTar.rewrite(raw, target, name);
        Files.delete(raw);
        return target;
    }

    private static JibContainerBuilder container(Project project, ImageTree tree, String architecture)
            throws Exception {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("org.opencontainers.image.title", tree.image().title());
        labels.put("org.opencontainers.image.version", project.version());
        labels.put("org.opencontainers.image.licenses", "Apache-2.0");
        return Jib.fromScratch()
                .setFormat(ImageFormat.OCI)
                .setPlatforms(Set.of(new Platform(architecture, "linux")))
                .setCreationTime(project.time())
                .setUser(USER)
                .setEntrypoint(SHELL_LESS)
                .setLabels(labels)
                .setEnvironment(Map.of(
                        "PATH", ImageTree.JAVA_HOME + "/bin",
                        "HOME", "/tmp",
                        "LC_ALL", "C.UTF-8",
                        "MALLOC_ARENA_MAX", "1"))
                .setFileEntriesLayers(layers(project, tree));
    }

    /// What changes least comes first.
    private static List<FileEntriesLayer> layers(Project project, ImageTree tree) throws IOException {
        Path java = tree.at(ImageTree.JAVA_HOME);
        Path ours = tree.at("/opt/edgeship");
        List<Path> system = new ArrayList<>();
        List<Path> runtime = new ArrayList<>();
        List<Path> libraries = new ArrayList<>();
        List<Path> application = new ArrayList<>();
        Set<String> builtHere = Set.copyOf(project.jars(tree.image().module()).stream()
                .filter(project::isOurs)
                .map(jar -> jar.getFileName().toString())
                .toList());
        for (Path file : Tree.files(tree.root())) {
            String name = file.getFileName().toString();
            if (file.startsWith(java)) {
                runtime.add(file);
            } else if (file.startsWith(ours.resolve("native"))
                    || (file.startsWith(ours.resolve("lib")) && !builtHere.contains(name))) {
                libraries.add(file);
            } else if (file.startsWith(ours) || file.equals(tree.at(ImageTree.ENTRY))) {
                application.add(file);
            } else {
                system.add(file);
            }
        }
        return List.of(
                layer("system", tree, system), layer("java", tree, runtime),
                layer("libraries", tree, libraries), layer("edgeship", tree, application));
    }

    private static FileEntriesLayer layer(String name, ImageTree tree, List<Path> files) {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        if (name.equals("system")) {
            layer.addEntry(
                    tree.at("/tmp"),
                    AbsoluteUnixPath.get("/tmp"),
                    FilePermissions.fromOctalString("777"),
                    ImageTree.TIME);
        }
        for (Path file : files) {
            String path = "/" + tree.root().relativize(file);
            String mode = Files.isExecutable(file) ? "755" : "644";
            layer.addEntry(file, AbsoluteUnixPath.get(path), FilePermissions.fromOctalString(mode), ImageTree.TIME);
        }
        return layer.build();
    }
}
