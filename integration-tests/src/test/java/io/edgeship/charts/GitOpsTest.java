package io.edgeship.charts;

import static io.edgeship.charts.Rendering.at;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `deploy/gitops` and `deploy/k3s`: values meet the charts that they are for, and manifests name what is built.
class GitOpsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path SITES = ROOT.resolve("deploy/gitops/sites");

    /// Site and file of each release that an ApplicationSet finds.
    static Stream<String[]> releases() {
        return files("yaml").map(SITES::relativize).map(file ->
                new String[] {file.getName(0).toString(), file.getFileName().toString()});
    }

    private static Stream<Path> files(String ending) {
        try (var all = Files.walk(SITES, 2)) {
            return all.filter(file -> file.toString().endsWith("." + ending)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void everySiteRendersInEveryTier(String site, String file) {
        for (String set : List.of("spoke/applicationset.yaml", "hub/applicationset-connected-sites.yaml")) {
            for (String tier : List.of("a", "b")) {
                Rendering rendering = new Spoke(ROOT, set).render(site, tier, file);
                ChartCases.everyObjectFitsTheModel(rendering);
                assertThat(rendering.pods()).hasSize(1).allSatisfy(ChartCases::isRestricted);
                assertThat(((Map<?, ?>) Chart.parse(rendering.file("agent.yaml"))).get("site"))
                        .as("folder and values agree")
                        .isEqualTo(site);
            }
        }
        assertThat(new Spoke(ROOT, "spoke/applicationset.yaml")
                        .render(site, "b", file)
                        .file("agent.yaml"))
                .contains("memory: 64MiB");
    }

    @Test
    void theCentreRenders() {
        Map<?, ?> application =
                (Map<?, ?>) Chart.parse(Chart.read(ROOT.resolve("deploy/gitops/hub/application-central.yaml")));
        Path chart = ROOT.resolve(at(application, "spec", "source", "path").toString());
        Path values = chart.resolve(at(application, "spec", "source", "helm", "valueFiles", 0)
                        .toString())
                .normalize();
        ChartCases.everyObjectFitsTheModel(new Chart(chart).render("edgeship-central", values));
    }

    /// The application's name is the release's at a site, so that ArgoCD's labels and the chart's are the same.
    @Test
    void aSitesApplicationIsNamedLikeItsRelease() {
        Map<?, ?> set = (Map<?, ?>) Chart.parse(Chart.read(ROOT.resolve("deploy/gitops/spoke/applicationset.yaml")));
        assertThat(at(set, "spec", "template", "metadata", "name"))
                .isEqualTo(at(set, "spec", "template", "spec", "source", "helm", "releaseName"));
        assertThat(at(set, "spec", "syncPolicy", "preserveResourcesOnDeletion")).isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy/k3s/20-agent.yaml", "deploy/gitops/sites/ship-3/k3s/edgeship-agent.yaml"})
    void aHelmChartOfK3sFitsTheChartThatItNames(String file) {
        Map<?, ?> object = (Map<?, ?>) Chart.parse(Chart.read(ROOT.resolve(file)));
        Chart chart = Chart.named("edgeship-agent");
        Object version = chart.yaml("Chart.yaml").get("version");
        assertThat(at(object, "spec", "chart").toString()).endsWith("/edgeship-agent-" + version + ".tgz");
        assertThat(at(object, "spec", "failurePolicy")).isEqualTo("abort");
        Rendering rendering =
                chart.renderValues(at(object, "spec", "valuesContent").toString());
        ChartCases.everyObjectFitsTheModel(rendering);
        assertThat(rendering.pods()).hasSize(1).allSatisfy(ChartCases::isRestricted);
    }

    /// What a box needs is what the chart's pod runs.
    @Test
    void theListOfImagesNamesTheAgents() {
        List<String> images = new ArrayList<>(
                Chart.read(ROOT.resolve("deploy/k3s/images.txt")).lines().toList());
        images.removeIf(line -> line.startsWith("#"));
        Object pod = Chart.named("edgeship-agent")
                .renderCase("companion")
                .pods()
                .findFirst()
                .orElseThrow();
        assertThat(images)
                .containsExactly(at(pod, "spec", "containers", 0, "image").toString());
    }
}
