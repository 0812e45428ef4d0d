package io.edgeship.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `deploy/k3s/smoke.sh` before a `kubectl` that answers as a box does: each question has a file with its answer.
class SmokeTest {
    private static final Path SMOKE = Path.of("../deploy/k3s/smoke.sh").toAbsolutePath();
    private static final Path STATUS = Path.of("src/test/resources/status");

    /// Which answer belongs to which words. What has no file is refused, as by a server that does not know it.
    private static final String KUBECTL = """
            #!/bin/sh
            echo "$*" >>"$ANSWERS/asked"
            case "$*" in
              *"version -o json") file=version ;;
              *helmcharts*) file=helmchart ;;
              *"get pods"*) file=pods ;;
              *"get pod prometheus-0"*) file=port ;;
              *":10902/proxy/-/healthy") file=healthy ;;
              *":10902/proxy/status.json") file=status ;;
              *) file=none ;;
            esac
            cat "$ANSWERS/$file" 2>/dev/null || { echo "Error from server (NotFound): $*"; exit 1; }
            """;

    @TempDir
    Path dir;

    private final Map<String, String> answers = new TreeMap<>();

    @BeforeEach
    void aGoodBox() throws IOException {
        answers.put("version", """
                {
                 "clientVersion": {"gitVersion": "v1.2"},
                 "serverVersion": {
                  "gitVersion": "v1.34.1+k3s1"
                 }
                }
                """);
        answers.put("helmchart", "False ");
        answers.put("pods", "coredns-7\nprometheus-0 edgeship-agent:0.1.0 2026-11-26T10:00:00Z 0\n");
        answers.put("port", "10902");
        answers.put("healthy", "ok");
        answers.put("status", Files.readString(STATUS.resolve("waiting.json")));
    }

    private record Ended(int code, String output, String asked) {}

    private Ended smoke(String kubectl, String... words) throws IOException, InterruptedException {
        Path bin = Files.createDirectories(dir.resolve("bin"));
        for (var answer : answers.entrySet()) {
            Files.writeString(dir.resolve(answer.getKey()), answer.getValue());
        }
        Path program = Files.writeString(bin.resolve(kubectl), KUBECTL);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        List<String> command = new ArrayList<>(List.of("/bin/sh", SMOKE.toString(), "--wait", "0"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PATH", bin + ":/usr/bin:/bin");
        builder.environment().put("ANSWERS", dir.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Path asked = dir.resolve("asked");
        return new Ended(process.waitFor(), output, Files.exists(asked) ? Files.readString(asked) : "");
    }

    private void fails(String because, String... words) throws Exception {
        Ended ended = smoke("kubectl", words);
        assertThat(ended.output()).contains("wrong ").contains(because).endsWith("\nFAIL\n");
        assertThat(ended.code()).isEqualTo(1);
    }

    @Test
    void aGoodBoxPasses() throws Exception {
        Ended ended = smoke("kubectl");
        assertThat(ended.output())
                .contains(
                        "ok    Kubernetes v1.34.1+k3s1",
                        "image edgeship-agent:0.1.0",
                        "site greenhouse-7, version 0.1.0")
                .contains("ready true, last contact 2026-11-25T18:41:58Z")
                .doesNotContain("wrong")
                .endsWith("\nPASS\n");
        assertThat(ended.code()).isZero();
        assertThat(ended.asked()).doesNotContain("apply", "delete", "patch", "create");
    }

    @Test
    void k3sIsAskedWhereItIs() throws Exception {
        Ended ended = smoke("k3s");
        assertThat(ended.output()).endsWith("PASS\n");
        assertThat(ended.asked()).startsWith("kubectl version").contains("\nkubectl get --raw ");
    }

    @Test
    void withoutAHelmChartOfK3sThePodDecides() throws Exception {
        answers.remove("helmchart");
        assertThat(smoke("kubectl", "--namespace", "edge").output()).endsWith("PASS\n");
    }

    @Test
    void aServerThatDoesNotAnswerFails() throws Exception {
        answers.remove("version");
        fails("the API server does not answer");
    }

    @Test
    void aReleaseThatCouldNotBeInstalledFailsWithItsReason() throws Exception {
        answers.put("helmchart", "True job failed: site: is required");
        fails("HelmChart edgeship-agent failed: job failed: site: is required");
    }

    @Test
    void withoutAPodItFails() throws Exception {
        answers.put("pods", "coredns-7\n");
        fails("no pod in monitoring has a container edgeship-agent");
    }

    @Test
    void aContainerThatDoesNotStartFailsWithItsReason() throws Exception {
        answers.put("pods", "prometheus-0 edgeship-agent:0.1.0  3CrashLoopBackOff\n");
        fails("3CrashLoopBackOff");
    }

    @Test
    void anAgentThatIsNotHealthyFails() throws Exception {
        answers.remove("healthy");
        fails("the agent is healthy");
    }

    @Test
    void anAgentThatIsNotReadyFailsWithWhatItSays() throws Exception {
        answers.put("status", Files.readString(STATUS.resolve("trouble.json")));
        fails("the agent is ready: ");
        assertThat(smoke("kubectl").output()).contains("\"");
    }

    @Test
    void withoutALinkRunningIsEnough() throws Exception {
        answers.put("status", Files.readString(STATUS.resolve("trouble.json")));
        assertThat(smoke("kubectl", "--offline").output())
                .contains("ready false")
                .endsWith("PASS\n");
    }

    @Test
    void aWordThatItDoesNotKnowIsWrongUse() throws Exception {
        Ended ended = smoke("kubectl", "--fast");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.output()).contains("smoke.sh [--namespace monitoring]");
    }
}
