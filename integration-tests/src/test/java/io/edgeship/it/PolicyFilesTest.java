package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.demo.Child;
import io.edgeship.demo.LocalPrometheus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What lies in `deploy/objstore` says the same everywhere: the policies are those that [PolicyIT] runs, whatever
/// makes the users.
class PolicyFilesTest {
    private static final Path OBJSTORE = Path.of("..", "deploy", "objstore");
    private static final Path TERRAFORM = OBJSTORE.resolve("terraform");
    private static final Path LEAST_PRIVILEGE = Path.of("..", "docs", "operations", "least-privilege.md");
    private static final Path TESTS = Path.of("src", "test", "java", "io", "edgeship", "it");
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    private Path dir;

    @Test
    void everyPolicyIsDescribedAndRunAgainstAServer() throws Exception {
        String readme = Files.readString(OBJSTORE.resolve("README.md"));
        String page = Files.readString(LEAST_PRIVILEGE);
        String it =
                Files.readString(TESTS.resolve("PolicyIT.java")) + Files.readString(TESTS.resolve("LogsPolicyIT.java"));
        assertThat(policies()).hasSize(9);
        for (String policy : policies()) {
            assertThat(readme).contains("[`%s`](%s)".formatted(policy, policy));
            assertThat(page).contains("`" + policy + "`");
            assertThat(it).contains("\"" + policy + "\"");
        }
    }

    /// [LogsPolicyIT] runs them where there is a server; this sees a report that a later agent writes and none allows.
    @Test
    void everyPolicyOfAnAgentAllowsWhatItReports() throws Exception {
        BlockId item = BlockId.parse("01KB0000000000000000000000");
        List<String> reports = List.of(
                BucketLayout.heartbeatKey("SITE", "cafe"),
                BucketLayout.lossKey("SITE", "cafe", "01KB0000000000000000000000"));
        List<String> ofLogs =
                List.of(BucketLayout.deleteRequestsKey("SITE", "cafe"), BucketLayout.manifestKey("SITE", "cafe", item));
        for (String policy : List.of("iam-agent-inbox.json", "iam-agent-plain.json", "iam-logs-agent-plain.json")) {
            assertThat(reports).as(policy).allMatch(allowedBy(policy));
        }
        for (String policy : List.of("iam-agent-inbox.json", "iam-logs-agent-plain.json")) {
            assertThat(ofLogs).as(policy).allMatch(allowedBy(policy));
        }
    }

    /// Whether a statement allows to write an object of that key.
    private static Predicate<String> allowedBy(String policy) throws IOException {
        List<Pattern> resources = new ArrayList<>();
        for (Map<?, ?> statement : statements(json(policy))) {
            boolean allows = "Allow".equals(statement.get("Effect"))
                    && String.valueOf(statement.get("Action")).contains("s3:PutObject");
            List<?> patterns = statement.get("Resource") instanceof List<?> several
                    ? several
                    : List.of(String.valueOf(statement.get("Resource")));
            for (Object pattern : allows ? patterns : List.of()) {
                String key = String.valueOf(pattern).replace("arn:aws:s3:::BUCKET/", "");
                resources.add(Pattern.compile("\\Q" + key.replace("*", "\\E.*\\Q") + "\\E"));
            }
        }
        return key ->
                resources.stream().anyMatch(resource -> resource.matcher(key).matches());
    }

    /// Ceph takes them as one policy of the bucket, in which each statement names its user.
    @Test
    void thePoliciesForCephAreMadeOfTheOthers() throws Exception {
        madeOf("ceph-bucket-policy.json", "iam-%s.json", List.of("SITE", "compactor", "fleet", "reader"));
        madeOf("ceph-logs-bucket-policy.json", "iam-logs-%s.json", List.of("SITE", "compactor", "fleet", "loki"));
    }

    private static void madeOf(String policy, String files, List<String> users) throws Exception {
        List<Object> wanted = new ArrayList<>();
        for (String user : users) {
            String file = user.equals("SITE") ? "iam-agent-inbox.json" : files.formatted(user);
            for (Map<?, ?> statement : statements(json(file))) {
                Map<String, Object> withUser = new LinkedHashMap<>();
                statement.forEach((key, value) -> withUser.put((String) key, value));
                withUser.remove("Sid");
                withUser.put("Principal", Map.of("AWS", List.of("arn:aws:iam:::user/edgeship-" + user)));
                wanted.add(withUser);
            }
        }
        List<Map<?, ?>> there = statements(json(policy));
        assertThat(there).extracting(statement -> statement.get("Sid")).doesNotHaveDuplicates();
        there.forEach(statement -> statement.remove("Sid"));
        assertThat((Object) there).as(policy).isEqualTo(wanted);
    }

    /// What is over is the compactor's to remove. A rule that expires objects would take blocks from it, its locks,
    /// and what sites say of themselves.
    @Test
    void unfinishedUploadsAreDroppedAndNoObjectEverExpires() throws Exception {
        List<Map<?, ?>> rules = MixinRules.maps(json("lifecycle.json"), "Rules");
        assertThat(rules).hasSize(1);
        assertThat(rules.getFirst().keySet().stream().map(String::valueOf))
                .containsExactlyInAnyOrder("ID", "Status", "Filter", "AbortIncompleteMultipartUpload");
        Map<?, ?> abort = MixinDashboards.map(rules.getFirst(), "AbortIncompleteMultipartUpload");
        assertThat(MixinDashboards.number(abort, "DaysAfterInitiation")).isBetween(7, 14);
        String terraform = Files.readString(TERRAFORM.resolve("aws/main.tf"));
        assertThat(terraform)
                .contains("days_after_initiation = " + MixinDashboards.number(abort, "DaysAfterInitiation"))
                .doesNotContain("expiration", "transition");
    }

    @Test
    void theExamplesOfObjstoreYmlAreRead() throws Exception {
        for (String file : List.of("aws.yml", "ceph-rgw.yml", "minio-compatible.yml")) {
            Files.writeString(dir.resolve("ca.crt"), "");
            Path copy = Files.copy(OBJSTORE.resolve(file), dir.resolve(file));
            assertThat(ObjstoreConfig.read(copy)).as(file).isNotNull();
        }
    }

    /// With terraform as it is; the module asks for no provider, so it needs no network.
    @Test
    void terraformFillsInTheSamePolicies() throws Exception {
        Path terraform = terraform();
        Path copy = copy(OBJSTORE, dir.resolve("objstore"));
        Path module = copy.resolve("terraform/policies");
        String in = "-chdir=" + module;
        run(terraform, "fmt", "-check", "-recursive", copy.resolve("terraform").toString());
        run(terraform, in, "init", "-backend=false");
        String sites = "sites={\"greenhouse-7\"=\"inbox\",\"greenhouse-8\"=\"plain\"}";
        String bucket = "bucket=" + LocalMinio.BUCKET;
        run(terraform, in, "apply", "-auto-approve", "-var", bucket, "-var", "logs_" + bucket, "-var", sites);
        String state = Files.readString(module.resolve("terraform.tfstate"));
        Map<?, ?> outputs = MixinDashboards.map(JSON.std.mapFrom(state), "outputs");
        Map<?, ?> policies = MixinDashboards.map(MixinDashboards.map(outputs, "policies"), "value");
        Map<?, ?> ofLogs = MixinDashboards.map(MixinDashboards.map(outputs, "logs_policies"), "value");

        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("site-greenhouse-7", LocalMinio.policy("iam-agent-inbox.json", "greenhouse-7"));
        wanted.put("site-greenhouse-8", LocalMinio.policy("iam-agent-plain.json", "greenhouse-8"));
        for (String name : List.of("compactor", "fleet", "reader")) {
            wanted.put(name, LocalMinio.policy("iam-%s.json".formatted(name), ""));
        }
        assertThat(policies.toString()).isEqualTo(new TreeMap<>(wanted).toString());

        Map<String, Object> wantedOfLogs = new TreeMap<>();
        wantedOfLogs.put("site-greenhouse-7", LocalMinio.policy("iam-agent-inbox.json", "greenhouse-7"));
        wantedOfLogs.put("site-greenhouse-8", LocalMinio.policy("iam-logs-agent-plain.json", "greenhouse-8"));
        for (String name : List.of("compactor", "fleet", "loki")) {
            wantedOfLogs.put(name, LocalMinio.policy("iam-logs-%s.json".formatted(name), ""));
        }
        assertThat(ofLogs.toString()).isEqualTo(wantedOfLogs.toString());
    }

    @Test
    void terraformRefusesASiteThatIsNone() throws Exception {
        Path terraform = terraform();
        Path module = copy(OBJSTORE, dir.resolve("objstore")).resolve("terraform/policies");
        run(terraform, "-chdir=" + module, "init", "-backend=false");
        for (String sites : List.of("sites={\"Not_A_Site\"=\"inbox\"}", "sites={\"a\"=\"carrier-pigeon\"}")) {
            List<String> words = List.of(
                    terraform.toString(),
                    "-chdir=" + module,
                    "plan",
                    "-input=false",
                    "-var",
                    "bucket=b",
                    "-var",
                    sites);
            try (Child child = Child.start("terraform", dir.resolve("log"), words, Map.of())) {
                assertThat(child.awaitExit(LIMIT)).as(sites).isNotZero();
                assertThat(child.output()).contains("Invalid value for variable");
            }
        }
    }

    private static Path terraform() {
        Optional<Path> found = LocalPrometheus.onPath("terraform");
        assumeTrue(found.isPresent(), "no terraform found on the PATH");
        return found.orElseThrow();
    }

    private void run(Path terraform, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(terraform.toString()));
        command.addAll(List.of(words));
        try (Child child = Child.start("terraform", dir.resolve("log"), command, Map.of("TF_IN_AUTOMATION", "1"))) {
            assertThat(child.awaitExit(LIMIT)).as(child.output()).isZero();
        }
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        return to;
    }

    private static List<String> policies() throws IOException {
        try (Stream<Path> files = Files.list(OBJSTORE)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.startsWith("iam-"))
                    .sorted()
                    .toList();
        }
    }

    private static Map<String, Object> json(String file) throws IOException {
        return JSON.std.mapFrom(Files.readString(OBJSTORE.resolve(file)));
    }

    private static List<Map<?, ?>> statements(Map<?, ?> policy) {
        return MixinRules.maps(policy, "Statement");
    }
}
