package io.edgeship.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgeship.demo.Child;
import io.edgeship.demo.LocalPrometheus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a site gets from its local copy of the repository while the centre is away.
class GitMirrorServedIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path dir;

    @SuppressWarnings("NullAway.Init")
    private GitRepository upstream;

    @SuppressWarnings("NullAway.Init")
    private GitMirror mirror;

    /// The copy of a repository with `helm` and `deploy`, which then goes away.
    @BeforeEach
    void aCopy() throws Exception {
        assumeTrue(LocalPrometheus.onPath("git").isPresent(), "no git found");
        upstream = GitRepository.init(dir.resolve("centre"));
        copy("helm");
        copy("deploy");
        upstream.commit();
        mirror = new GitMirror(Files.createDirectories(dir.resolve("site")), "file://" + upstream.directory());
        GitMirror.Ended ended = mirror.once();
        assertThat(ended.code()).as(ended.output()).isZero();
        Files.move(upstream.directory(), upstream.directory().resolveSibling("away"));
    }

    @Test
    void theChartsRenderFromItsCheckoutWhileTheCentreIsAway() throws Exception {
        Path checkout = mirror.served().cloneTo(dir.resolve("checkout")).directory();
        Spoke spoke = new Spoke(checkout, "spoke/applicationset.yaml");
        for (String file : List.of("agent.yaml", "logs.yaml")) {
            Rendering rendering = spoke.render("greenhouse-7", "a", file);
            assertThat(rendering.text())
                    .isEqualTo(new Spoke(ROOT, "spoke/applicationset.yaml")
                            .render("greenhouse-7", "a", file)
                            .text());
            assertThat(rendering.ofKind("PrometheusRule")).as("rules are links").hasSize(1);
        }
        assertThat(new Chart(checkout.resolve("helm/edgeship-central"))
                        .render("edgeship-central", checkout.resolve("deploy/gitops/hub/central-values.yaml"))
                        .text())
                .contains("kind: CronJob");
    }

    private void copy(String folder) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "cp",
                        "-R",
                        ROOT.resolve(folder).toString(),
                        upstream.directory().toString())
                .start();
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void aBoxOfTierBGetsItsManifests() throws IOException, InterruptedException {
        Path manifests = Files.createDirectories(dir.resolve("manifests"));
        Path log = dir.resolve("pull.log");
        ProcessBuilder builder = new ProcessBuilder(
                        ROOT.resolve("deploy/gitops/tier-b/pull.sh").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(GitRepository.ENVIRONMENT);
        builder.environment()
                .putAll(Map.of(
                        "SITE", "ship-3",
                        "UPSTREAM", mirror.upstream(),
                        "MIRROR_DIR", mirror.directory().toString(),
                        "MANIFESTS", manifests.toString()));
        assertThat(builder.start().waitFor()).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log)).contains("goes on with the last copy");
        try (var files = Files.list(manifests)) {
            assertThat(files).containsExactly(manifests.resolve("edgeship-agent.yaml"));
        }
        assertThat(manifests.resolve("edgeship-agent.yaml"))
                .hasSameTextualContentAs(ROOT.resolve("deploy/gitops/sites/ship-3/k3s/edgeship-agent.yaml"));
    }

    /// As the container does: a stock server before Git's own backend. ArgoCD speaks the smart protocol.
    @Test
    void itIsServedOverHttp() throws Exception {
        Path server = LocalPrometheus.onPath("lighttpd")
                .or(() -> Optional.of(Path.of("/usr/sbin/lighttpd")).filter(Files::isExecutable))
                .orElse(null);
        assumeTrue(server != null, "no lighttpd found");
        int port = LocalPrometheus.freePort();
        Path backend = Path.of(mirror.served().git("--exec-path").strip(), "git-http-backend");
        Map<String, String> environment = Map.of(
                "MIRROR_PORT", Integer.toString(port),
                "MIRROR_ADDRESS", "127.0.0.1",
                "MIRROR_DIR", mirror.directory().toString(),
                "GIT_HTTP_BACKEND", backend.toString());
        Path config = ROOT.resolve("deploy/gitops/mirror/lighttpd.conf");
        try (Child http = Child.start(
                "lighttpd",
                dir.resolve("http.log"),
                List.of(String.valueOf(server), "-D", "-f", config.toString()),
                environment)) {
            String url = "http://127.0.0.1:" + port + "/git/fleet.git";
            http.await(
                    "the copy to be served",
                    Duration.ofSeconds(20),
                    () -> LocalPrometheus.answers(url + "/info/refs?service=git-upload-pack"));
            mirror.served()
                    .git(
                            "clone",
                            "--quiet",
                            "--branch=stable",
                            url,
                            dir.resolve("cloned").toString());
            assertThat(new GitRepository(dir.resolve("cloned")).tip())
                    .isEqualTo(mirror.served().tip());
            assertThat(LocalPrometheus.answers(url + "/info/refs?service=git-receive-pack"))
                    .as("nobody pushes")
                    .isFalse();
        }
    }
}
