package io.edgeship.charts;

import static io.edgeship.charts.Rendering.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What must hold of every rendering, whatever the values.
final class ChartCases {
    private static final Path GOLDEN = Path.of("src/test/resources/charts");

    private ChartCases() {}

    /// `-Dedgeship.write.docs=true` writes the expected rendering anew.
    static void isAsExpected(Chart chart, String name) throws IOException {
        Path golden = GOLDEN.resolve(chart.name() + "-" + name + ".yaml");
        String rendered = chart.renderCase(name).text();
        if (Boolean.getBoolean("edgeship.write.docs")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, rendered);
        }
        assertThat(rendered).as("%s", golden).isEqualTo(Files.readString(golden));
    }

    /// The same twice; and with another release's name nothing else changes.
    static void dependsOnNothingElse(Chart chart, String name) {
        Path values = chart.file("ci/" + name + "-values.yaml");
        String once = chart.render("edge", values).text();
        assertThat(chart.render("edge", values).text()).isEqualTo(once);
        assertThat(chart.render("r7x", values).text().replace("r7x", "edge")).isEqualTo(once);
    }

    /// Each file is in a ConfigMap of its own, byte for byte, found by Grafana's sidecar and small enough for the API.
    static void everyDashboardIsInAConfigMap(Chart chart, String values) {
        Rendering rendering = chart.renderValues(values + "dashboards: {enabled: true}\n");
        everyObjectFitsTheModel(rendering);
        List<Path> dashboards = chart.filesBelow("files/dashboards");
        assertThat(dashboards).isNotEmpty();
        for (Path dashboard : dashboards) {
            String text = Chart.read(dashboard);
            assertThat(rendering.file(dashboard.getFileName().toString()).strip())
                    .isEqualTo(text.strip());
            assertThat(text.length()).isLessThan(1 << 20);
        }
        assertThat(rendering.ofKind("ConfigMap"))
                .filteredOn(object -> object.toString().contains("grafana_dashboard=1"))
                .hasSameSizeAs(dashboards);
    }

    static void everyObjectFitsTheModel(Rendering rendering) {
        assertThat(rendering.objects()).isNotEmpty().allSatisfy(object -> {
            KubernetesModel.check(object);
            assertThat(at(object, "metadata", "name").toString()).matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
        });
        assertThat(rendering.objects())
                .extracting(object -> object.get("kind") + " " + at(object, "metadata", "name"))
                .doesNotHaveDuplicates();
    }

    /// Kubernetes' profile `restricted`, a root file system that cannot be written, and no way to the API.
    static void isRestricted(Map<?, ?> pod) {
        PodSpec spec = KubernetesModel.check(at(pod, "spec"), PodSpec.class);
        assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(spec.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(spec.getAutomountServiceAccountToken()).isFalse();
        assertThat(spec.getHostNetwork()).isNull();
        assertThat(spec.getHostPID()).isNull();
        isRestricted(spec.getContainers().getFirst());
        mountsOnlyWhatIsThere(
                spec.getContainers().getFirst(),
                spec.getVolumes().stream().map(volume -> volume.getName()).toList());
    }

    static void isRestricted(Container container) {
        var security = container.getSecurityContext();
        assertThat(security.getAllowPrivilegeEscalation()).isFalse();
        assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(security.getCapabilities().getAdd()).isEmpty();
        assertThat(security.getReadOnlyRootFilesystem()).isTrue();
        assertThat(security.getRunAsNonRoot()).isTrue();
        assertThat(security.getRunAsUser()).as("the pod's").isNull();
        assertThat(security.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(security.getPrivileged()).isNull();
        assertThat(container.getVolumeMounts()).anyMatch(mount -> "/tmp".equals(mount.getMountPath()));
        assertThat(container.getResources().getLimits()).containsOnlyKeys("memory");
        assertThat(container.getResources().getRequests()).containsOnlyKeys("cpu", "memory");
    }

    static void mountsOnlyWhatIsThere(Container container, List<String> volumes) {
        assertThat(container.getVolumeMounts())
                .extracting(mount -> mount.getName())
                .isSubsetOf(volumes)
                .doesNotHaveDuplicates();
        assertThat(container.getVolumeMounts())
                .extracting(mount -> mount.getMountPath())
                .doesNotHaveDuplicates();
    }

    /// Selectors of workloads, Services, monitors and policies find the pod, and ports are named as its containers'.
    static void everySelectorFindsAPod(Rendering rendering) {
        List<Map<?, ?>> pods = rendering.pods().toList();
        for (Map<?, ?> object : rendering.objects()) {
            Map<?, ?> selector = selectorOf(object);
            assertThat(pods)
                    .as("%s %s", object.get("kind"), at(object, "metadata", "name"))
                    .anyMatch(pod -> ((Map<?, ?>) at(pod, "metadata", "labels"))
                            .entrySet()
                            .containsAll(selector.entrySet()));
        }
    }

    private static Map<?, ?> selectorOf(Map<?, ?> object) {
        return switch (String.valueOf(object.get("kind"))) {
            case "Deployment", "PodMonitor" -> (Map<?, ?>) at(object, "spec", "selector", "matchLabels");
            case "NetworkPolicy" -> (Map<?, ?>) at(object, "spec", "podSelector", "matchLabels");
            case "Service" -> (Map<?, ?>) at(object, "spec", "selector");
            default -> Map.of();
        };
    }
}
