package io.edgeship.charts;

import static io.edgeship.charts.Rendering.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `deploy/fragments` through the charts that they are for. `EDGESHIP_UPSTREAM_CHARTS` names a folder of them, unpacked
/// with what they depend on: `kube-prometheus-stack`, `prometheus`, `loki`, `thanos`, `argo-cd`.
class UpstreamChartsTest {
    @TempDir
    Path dir;

    static Chart upstream(String name) {
        Optional<Path> charts = Optional.ofNullable(System.getenv("EDGESHIP_UPSTREAM_CHARTS"))
                .map(Path::of)
                .map(folder -> folder.resolve(name));
        assumeTrue(
                charts.isPresent() && Files.isDirectory(charts.get()),
                "no chart " + name + "; EDGESHIP_UPSTREAM_CHARTS may name a folder of unpacked charts");
        return new Chart(charts.orElseThrow());
    }

    /// The fragment behind what somebody has anyway.
    private Rendering render(String chart, String release, String own, String fragment) throws IOException {
        Path values = Files.writeString(dir.resolve("own.yaml"), own);
        return upstream(chart).render(release, values, FragmentsTest.FRAGMENTS.resolve(fragment));
    }

    private static Map<?, ?> named(Rendering rendering, String kind, String name) {
        return rendering.ofKind(kind).stream()
                .filter(object -> name.equals(at(object, "metadata", "name")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    @Test
    void theChartPrometheusTakesTheAgentIntoItsPod() throws IOException {
        Rendering rendering = render("prometheus", "prometheus", "", "site/prometheus.yaml");
        PodSpec pod = KubernetesModel.check(
                at(named(rendering, "Deployment", "prometheus-server"), "spec", "template", "spec"), PodSpec.class);
        isBeside(pod, "prometheus-server", "storage-volume", List.of());
        assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(65534);
        assertThat(container(pod, "prometheus-server").getArgs())
                .contains("--storage.tsdb.delay-compact-file.path=/data/thanos.shipper.json")
                .contains("--storage.tsdb.path=/data");
    }

    @Test
    void theChartLokiTakesTheAgentIntoItsPod() throws IOException {
        Rendering rendering = render("loki", "loki", """
                deploymentMode: Monolithic
                loki:
                  commonConfig: {replication_factor: 1}
                  storage: {type: filesystem}
                  useTestSchema: true
                singleBinary: {replicas: 1}
                read: {replicas: 0}
                write: {replicas: 0}
                backend: {replicas: 0}
                """, "site/loki.yaml");
        Map<?, ?> set = named(rendering, "StatefulSet", "loki");
        PodSpec pod = KubernetesModel.check(at(set, "spec", "template", "spec"), PodSpec.class);
        List<String> claims = ((List<?>) at(set, "spec", "volumeClaimTemplates"))
                .stream().map(claim -> at(claim, "metadata", "name").toString()).toList();
        isBeside(pod, "loki", "storage", claims);
        assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10001);
        Map<?, ?> config = (Map<?, ?>) Chart.parse(rendering.file("config.yaml"));
        assertThat(at(config, "common", "storage", "filesystem", "chunks_directory"))
                .as("what the agent's source names")
                .isEqualTo("/var/loki/chunks");
    }

    /// The operator makes the pod: a volume `prometheus-NAME-db`, mounted at `prometheus-db` of it where there is
    /// storage.
    @Test
    void kubePrometheusStackHandsTheAgentToTheOperator() throws IOException {
        Rendering rendering = render("kube-prometheus-stack", "kps", """
                fullnameOverride: kps
                grafana: {enabled: false}
                prometheus:
                  prometheusSpec:
                    storageSpec: {volumeClaimTemplate: {spec: {resources: {requests: {storage: 10Gi}}}}}
                """, "site/kube-prometheus-stack.yaml");
        Map<?, ?> resource = rendering.the("Prometheus");
        Object spec = at(resource, "spec");
        Container agent = KubernetesModel.check(at(spec, "containers", 0), Container.class);
        assertThat(agent.getName()).isEqualTo("edgeship-agent");
        VolumeMount data = agent.getVolumeMounts().getFirst();
        assertThat(data.getName()).isEqualTo("prometheus-" + at(resource, "metadata", "name") + "-db");
        assertThat(data.getSubPath()).isEqualTo("prometheus-db");
        assertThat(agent.getSecurityContext().getRunAsUser()).isNull();
        assertThat(at(spec, "securityContext", "runAsUser")).isEqualTo(1000);
        List<String> volumes = new ArrayList<>(List.of(data.getName()));
        ((List<?>) at(spec, "volumes"))
                .forEach(volume -> volumes.add(at(volume, "name").toString()));
        ChartCases.mountsOnlyWhatIsThere(agent, volumes);
        assertThat(at(spec, "additionalArgs").toString()).contains("/prometheus/thanos.shipper.json");
        assertThat(((Map<?, ?>) spec).containsKey("thanos"))
                .as("a second shipper")
                .isFalse();
    }

    @Test
    void thanosReadsTheBucketAndDoesNotCompactIt() throws IOException {
        Rendering rendering = render("thanos", "thanos", "", "centre/thanos.yaml");
        assertThat(rendering.text()).contains("thanos-objstore").doesNotContain("- compact\n", "- receive\n");
        Map<?, ?> query = rendering.ofKind("Service").stream()
                .filter(service -> "thanos-query".equals(at(service, "metadata", "name")))
                .findFirst()
                .orElseThrow();
        Object datasource =
                at(Chart.parse(Chart.read(FragmentsTest.FRAGMENTS.resolve("centre/grafana-datasources.yaml"))), "data");
        List<Integer> ports = ((List<?>) at(query, "spec", "ports"))
                .stream().map(port -> (Integer) at(port, "port")).toList();
        assertThat(ports)
                .anySatisfy(port -> assertThat(datasource.toString())
                        .contains("http://thanos-query.monitoring.svc:" + port + "\n"));
    }

    @Test
    void theCentralLokiIsWhatOurPageAsksFor() throws IOException {
        Rendering rendering = render("loki", "loki", "", "centre/loki.yaml");
        Map<?, ?> config = (Map<?, ?>) Chart.parse(rendering.file("config.yaml"));
        assertThat(at(config, "query_range", "cache_results")).isEqualTo(false);
        assertThat(at(config, "limits_config", "max_query_lookback")).isEqualTo(0);
        assertThat(at(config, "storage_config", "tsdb_shipper", "resync_interval"))
                .isEqualTo("1m");
        assertThat(at(config, "schema_config", "configs", 0, "schema")).isEqualTo("v13");
        assertThat(rendering.the("StatefulSet").toString()).contains("loki-s3");
        assertThat(rendering.ofKind("Service").toString()).contains("port=3100");
    }

    /// Nothing that a person looks at, and a repository server that asks a small box for little at once.
    @Test
    void argoCdAtASiteIsSmall() throws IOException {
        Path values = Path.of("../deploy/gitops/bootstrap/argocd-values.yaml");
        Rendering rendering = upstream("argo-cd").render("argocd", values);
        assertThat(at(named(rendering, "Deployment", "argocd-server"), "spec", "replicas"))
                .isEqualTo(0);
        assertThat(rendering.ofKind("Deployment"))
                .extracting(object -> at(object, "metadata", "name"))
                .doesNotContain("argocd-dex-server", "argocd-notifications-controller")
                .contains("argocd-repo-server", "argocd-applicationset-controller");
        assertThat(at(named(rendering, "ConfigMap", "argocd-cmd-params-cm"), "data", "reposerver.parallelism.limit"))
                .isEqualTo("1");
        assertThat(at(named(rendering, "ConfigMap", "argocd-cm"), "data", "timeout.reconciliation"))
                .isEqualTo("600s");
    }

    private static Container container(PodSpec pod, String name) {
        return pod.getContainers().stream()
                .filter(each -> name.equals(each.getName()))
                .findFirst()
                .orElseThrow();
    }

    /// The agent has the other's data as the other has it, one mount that can be written beside `/tmp`, and its user.
    private static void isBeside(PodSpec pod, String other, String volume, List<String> claims) {
        Container agent = container(pod, "edgeship-agent");
        ChartCases.isRestricted(agent);
        List<String> volumes = new ArrayList<>(claims);
        pod.getVolumes().forEach(each -> volumes.add(each.getName()));
        ChartCases.mountsOnlyWhatIsThere(agent, volumes);
        assertThat(agent.getVolumeMounts())
                .filteredOn(mount -> !Boolean.TRUE.equals(mount.getReadOnly()) && !"/tmp".equals(mount.getMountPath()))
                .singleElement()
                .satisfies(mount -> assertThat(container(pod, other).getVolumeMounts())
                        .filteredOn(each -> volume.equals(each.getName()))
                        .singleElement()
                        .extracting(UpstreamChartsTest::whereIn)
                        .isEqualTo(whereIn(mount)));
    }

    private static String whereIn(VolumeMount mount) {
        String part = mount.getSubPath();
        return mount.getMountPath() + " of " + (part == null ? "" : part); // Kubernetes takes both for the whole volume
    }
}
