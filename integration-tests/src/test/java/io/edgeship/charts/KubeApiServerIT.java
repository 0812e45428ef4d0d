package io.edgeship.charts;

import static io.edgeship.charts.Rendering.at;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What we make, before a real API server in a dry run, and our pods before its Pod Security at `restricted`.
/// `EDGESHIP_KUBE_APISERVER` and `EDGESHIP_ETCD` name the programs, `EDGESHIP_CRDS` a folder with the definitions of
/// prometheus-operator (Prometheus, PodMonitor, ServiceMonitor, PrometheusRule), K3s (HelmChart) and ArgoCD
/// (Application,
/// ApplicationSet, AppProject) from their own repositories.
@SuppressWarnings("NullAway.Init")
class KubeApiServerIT {
    private static final String NAMESPACE = "monitoring";

    @TempDir
    private static Path dir;

    private static KubeApiServer server;

    @BeforeAll
    static void startTheServer() throws Exception {
        Path crds = Peer.named("EDGESHIP_CRDS");
        server = KubeApiServer.start(Peer.named("EDGESHIP_KUBE_APISERVER"), Peer.named("EDGESHIP_ETCD"), dir);
        for (String namespace : List.of("argocd", "gitops", NAMESPACE)) {
            make(namespace(namespace));
            make(object("v1", "ServiceAccount", namespace, "default"));
        }
        Map<Object, Object> low = object("scheduling.k8s.io/v1", "PriorityClass", "", "low");
        low.put("value", 1);
        make(low);
        try (var files = Files.walk(crds)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
                define(file);
            }
        }
    }

    @AfterAll
    static void stopTheServer() {
        if (server != null) {
            server.close();
        }
    }

    private static Map<Object, Object> object(String version, String kind, String namespace, String name) {
        Map<String, Object> metadata = new LinkedHashMap<>(Map.of("name", name));
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return new LinkedHashMap<>(Map.of("apiVersion", version, "kind", kind, "metadata", metadata));
    }

    private static Map<Object, Object> namespace(String name) {
        Map<Object, Object> made = object("v1", "Namespace", "", name);
        made.put(
                "metadata",
                Map.of(
                        "name",
                        name,
                        "labels",
                        Map.of(
                                "pod-security.kubernetes.io/enforce", "restricted",
                                "pod-security.kubernetes.io/warn", "restricted")));
        return made;
    }

    private static void make(Map<?, ?> object) throws IOException, InterruptedException {
        KubeApiServer.Answer answer = server.apply(server.path(object, NAMESPACE), object, false);
        assertThat(answer.code()).as(answer.message()).isBetween(200, 201);
    }

    /// A definition as its project publishes it; ArgoCD's is too large to be applied by a client.
    private static void define(Path file) throws IOException, InterruptedException {
        for (Map<?, ?> crd : new Rendering(Files.readString(file)).objects()) {
            make(crd);
            Object version = at(crd, "spec", "versions", 0, "name");
            server.await(
                    "/apis/%s/%s/%s".formatted(at(crd, "spec", "group"), version, at(crd, "spec", "names", "plural")));
        }
    }

    static Stream<Object[]> cases() {
        return Stream.of("edgeship-agent", "edgeship-central")
                .map(Chart::named)
                .flatMap(chart -> chart.cases().map(name -> new Object[] {chart, name}));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void everyObjectOfAChartIsTakenAndEveryPodAdmitted(Chart chart, String name) throws Exception {
        Rendering rendering = chart.renderCase(name);
        isTaken(rendering);
        for (Map<?, ?> account : rendering.ofKind("ServiceAccount")) {
            make(account);
        }
        for (Map<?, ?> pod : rendering.pods().toList()) {
            isAdmitted(pod);
        }
    }

    private static void isTaken(Rendering rendering) throws IOException, InterruptedException {
        for (Map<?, ?> object : rendering.objects()) {
            KubeApiServer.Answer answer = server.apply(server.path(object, NAMESPACE), object, true);
            assertThat(answer.code()).as("%s: %s", object, answer.message()).isBetween(200, 201);
            assertThat(answer.warnings()).as("%s", object).isEmpty();
        }
    }

    private static KubeApiServer.Answer pod(Map<?, ?> template) throws IOException, InterruptedException {
        Map<Object, Object> pod = object("v1", "Pod", NAMESPACE, "made");
        pod.put("spec", template.get("spec"));
        return server.post("/api/v1/namespaces/" + NAMESPACE + "/pods?dryRun=All&fieldValidation=Strict", pod);
    }

    private static void isAdmitted(Map<?, ?> template) throws IOException, InterruptedException {
        KubeApiServer.Answer answer = pod(template);
        assertThat(answer.code()).as(answer.message()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "k3s/00-namespace.yaml",
                "k3s/10-objstore-secret.example.yaml",
                "k3s/20-agent.yaml",
                "gitops/sites/ship-3/k3s/edgeship-agent.yaml",
                "gitops/bootstrap/in-cluster.yaml",
                "gitops/bootstrap/project.yaml",
                "gitops/mirror/mirror.yaml",
                "gitops/spoke/applicationset.yaml",
                "gitops/hub/application-central.yaml",
                "gitops/hub/applicationset-connected-sites.yaml",
                "fragments/centre/grafana-datasources.yaml"
            })
    void everyManifestIsTaken(String file) throws Exception {
        Rendering manifest = new Rendering(Chart.read(Path.of("../deploy").resolve(file)));
        isTaken(manifest);
        for (Map<?, ?> pod : manifest.pods().toList()) {
            isAdmitted(pod);
        }
    }

    /// The fragment for the operator's own resource is a part of one.
    @Test
    void aPrometheusResourceWithTheAgentIsTaken() throws Exception {
        String fragment = Chart.read(FragmentsTest.FRAGMENTS.resolve("site/prometheus-operator.yaml"));
        Map<Object, Object> prometheus = object("monitoring.coreos.com/v1", "Prometheus", NAMESPACE, "edge");
        prometheus.putAll((Map<?, ?>) Chart.parse(fragment));
        KubeApiServer.Answer answer = server.apply(server.path(prometheus, NAMESPACE), prometheus, true);
        assertThat(answer.code()).as(answer.message()).isEqualTo(201);
    }

    @Test
    void podSecurityIsEnforcedHere() throws Exception {
        Map<?, ?> pod =
                Map.of("spec", Map.of("containers", List.of(Map.of("name", "as-it-comes", "image", "image:1"))));
        KubeApiServer.Answer answer = pod(pod);
        assertThat(answer.code()).isEqualTo(403);
        assertThat(answer.message()).contains("violates PodSecurity \"restricted:latest\"");
    }

    @Test
    void whatADefinitionDoesNotKnowIsRefused() throws Exception {
        String text = Chart.read(Path.of("../deploy/k3s/20-agent.yaml")).replace("failurePolicy:", "failurePolice:");
        Map<?, ?> object = new Rendering(text).objects().getFirst();
        assertThat(server.apply(server.path(object, NAMESPACE), object, true).message())
                .contains("failurePolice");
    }
}
