package io.edgeship.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A chart as `helm install` takes it: `NAME-VERSION.tgz`. Its rules and dashboards, links in the checkout, are files
/// in it.
final class ChartArchive {
    private ChartArchive() {}

    /// @throws IOException if the chart does not name the images of this version
    static Path write(Project project, String name, Path directory) throws IOException {
        Path chart = project.root().resolve("helm").resolve(name);
        String about = Files.readString(chart.resolve("Chart.yaml"));
        for (String key : new String[] {"version", "appVersion"}) {
            String line = key + ": " + project.version();
            if (about.lines().noneMatch(line::equals)) {
                throw new IOException("%s: there is no line '%s' in Chart.yaml".formatted(chart, line));
            }
        }
        Path archive = directory.resolve(name + "-" + project.version() + ".tgz");
        try (TarGz tar = new TarGz(archive, project.time())) {
            tar.addTree(name, chart);
        }
        return archive;
    }
}
