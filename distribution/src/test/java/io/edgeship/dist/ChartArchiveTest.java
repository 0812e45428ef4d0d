package io.edgeship.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChartArchiveTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path dir;

    /// Rules and dashboards are links in the checkout: with them the rendering shows that they came along.
    @ParameterizedTest
    @EnumSource
    void helmRendersTheArchiveAsItDoesTheFolder(Image image) throws Exception {
        Path archive = ChartArchive.write(Project.at(ROOT), image.title(), dir);
        Path chart = ROOT.resolve("helm").resolve(image.title());
        Path values = chart.resolve("ci/everything-values.yaml");
        String rendered = render(archive, values);
        assertThat(rendered).isEqualTo(render(chart, values)).contains("kind: PrometheusRule");
    }

    @Test
    void theArchiveIsTheSameEachTime() throws Exception {
        Project project = Project.at(ROOT);
        byte[] first = Files.readAllBytes(ChartArchive.write(project, "edgeship-agent", dir));
        assertThat(Files.readAllBytes(ChartArchive.write(project, "edgeship-agent", dir)))
                .isEqualTo(first);
    }

    @Test
    void aChartOfAnotherVersionIsRefused() throws Exception {
        Path chart = Files.createDirectories(dir.resolve("helm/edgeship-agent"));
        Files.writeString(chart.resolve("Chart.yaml"), "version: 0.2.0\nappVersion: 0.1.0\n");
        assertThatThrownBy(() -> ChartArchive.write(new Project(dir, "0.2.0", Instant.EPOCH), "edgeship-agent", dir))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("appVersion: 0.2.0");
    }

    private static String render(Path chart, Path values) {
        return new Helm(chart)
                .template()
                .withName("edge")
                .withNamespace("monitoring")
                .withKubeVersion("v1.34.1")
                .withValuesFile(values)
                .call();
    }
}
