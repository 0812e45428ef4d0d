package io.edgeship.charts;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// One of the charts in `helm`.
record Chart(Path directory) {
    private static final Path HELM = Path.of("../helm").toAbsolutePath().normalize();

    /// helm-java assumes 1.20, which the charts refuse.
    private static final String KUBERNETES = "v1.34.1";

    static Chart named(String name) {
        return new Chart(HELM.resolve(name));
    }

    String name() {
        return directory.getFileName().toString();
    }

    /// The names of the values in `ci`.
    Stream<String> cases() {
        return filesBelow("ci").stream()
                .map(file -> file.getFileName().toString().replace("-values.yaml", ""));
    }

    /// What Helm makes of the values in `ci/NAME-values.yaml`, for the release `edge` in the namespace `monitoring`.
    Rendering renderCase(String name) {
        return render("edge", directory.resolve("ci").resolve(name + "-values.yaml"));
    }

    /// The same with values given here.
    ///
    /// @throws IllegalStateException with Helm's message, where the schema or the chart refuses them
    Rendering renderValues(String yaml) {
        try {
            Path values = Files.createTempFile("values", ".yaml");
            try {
                Files.writeString(values, yaml);
                return render("edge", values);
            } finally {
                Files.delete(values);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Of several files the later one wins.
    Rendering render(String release, Path... values) {
        TemplateCommand command = new Helm(directory)
                .template()
                .withName(release)
                .withNamespace("monitoring")
                .withKubeVersion(KUBERNETES);
        for (Path file : values) {
            command.withValuesFile(file);
        }
        return new Rendering(command.call());
    }

    /// What `helm lint --strict` says of the chart with its own values.
    List<String> lint() {
        return new Helm(directory).lint().strict().call().getMessages();
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /// Every file below a folder of the chart, templates for one.
    List<Path> filesBelow(String folder) {
        try (var files = Files.walk(directory.resolve(folder))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A YAML or JSON file whose top is a map.
    Map<?, ?> yaml(String name) {
        return (Map<?, ?>) parse(read(file(name)));
    }

    static Object parse(String yaml) {
        return new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
