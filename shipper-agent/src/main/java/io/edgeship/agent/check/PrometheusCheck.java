package io.edgeship.agent.check;

import io.edgeship.block.thanos.ShipperState;
import io.edgeship.runtime.config.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether Prometheus waits for the agent before it merges blocks.
final class PrometheusCheck {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\..*");
    private static final String DELAY = "storage.tsdb.delay-compact-file.path";
    private static final String MIN = "storage.tsdb.min-block-duration";
    private static final String MAX = "storage.tsdb.max-block-duration";
    private static final String ASK = "set sources[].url to Prometheus' own address, like http://127.0.0.1:9090";
    private static final String TWO_HOURS =
            "set --" + MIN + "=2h --" + MAX + "=2h on Prometheus, as for the Thanos sidecar, or upgrade it to 3.9";

    private PrometheusCheck() {}

    static List<Finding> judge(PrometheusFacts facts, Path path) {
        return judge(facts, path.toString()).stream()
                .map(finding -> finding.of(path))
                .toList();
    }

    private static List<Finding> judge(PrometheusFacts facts, String path) {
        if (facts.silence().isPresent()) {
            return List.of(
                    Finding.warn(Check.PROMETHEUS_VERSION, facts.silence().get(), ASK),
                    Finding.skip(Check.DELAY_FILE, "Prometheus was not asked"),
                    Finding.skip(Check.COMPACTION, "Prometheus was not asked"));
        }
        boolean waits = canWait(facts.version());
        Finding delay = waits ? delayFile(facts, path) : Finding.skip(Check.DELAY_FILE, "needs Prometheus 3.9");
        boolean delayed = delay.verdict() == Finding.Verdict.PASS;
        return List.of(version(facts.version(), waits), delay, compaction(facts, delayed));
    }

    private static boolean canWait(String version) {
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches()) {
            return false;
        }
        int major = Integer.parseInt(parts.group(1));
        return major > 3 || (major == 3 && Integer.parseInt(parts.group(2)) >= 9);
    }

    private static Finding version(String version, boolean waits) {
        return waits
                ? Finding.pass(Check.PROMETHEUS_VERSION, version)
                : Finding.warn(
                        Check.PROMETHEUS_VERSION,
                        version + " is older than 3.9: it cannot wait for the agent before it merges blocks",
                        TWO_HOURS);
    }

    private static Finding delayFile(PrometheusFacts facts, String path) {
        String flag = facts.flags().getOrDefault(DELAY, "");
        String wanted = path + "/" + ShipperState.FILE_NAME;
        String fix = "set --%s=%s on Prometheus".formatted(DELAY, wanted);
        if (flag.isEmpty()) {
            return Finding.warn(
                    Check.DELAY_FILE,
                    "Prometheus does not wait for the agent: what it merges while the agent is down may be held back",
                    fix);
        }
        String own = facts.flags().getOrDefault("storage.tsdb.path", "");
        if (!flag.startsWith("/")) {
            return Finding.fail(
                    Check.DELAY_FILE, flag + " is relative: Thanos and Prometheus may mean different files", fix);
        }
        if (flag.equals(wanted)) {
            return Finding.pass(Check.DELAY_FILE, "Prometheus waits for " + flag);
        }
        if (own.startsWith("/") && flag.equals(own.replaceAll("/+$", "") + "/" + ShipperState.FILE_NAME)) {
            return Finding.pass(Check.DELAY_FILE, "Prometheus waits for " + flag + ", as it calls this directory");
        }
        return Finding.fail(
                Check.DELAY_FILE,
                "Prometheus waits for %s, the agent writes %s: a missing file is leave to merge"
                        .formatted(flag, wanted),
                fix);
    }

    private static Finding compaction(PrometheusFacts facts, boolean delayed) {
        String min = facts.flags().getOrDefault(MIN, "2h");
        String max = facts.flags().getOrDefault(MAX, "");
        if (!isTwoHours(min)) {
            return Finding.warn(
                    Check.COMPACTION,
                    "blocks of %s: Thanos and the dashboards count on two hours".formatted(min),
                    "leave --" + MIN + " alone");
        }
        if (delayed || min.equals(max) || isTwoHours(max)) {
            return Finding.pass(
                    Check.COMPACTION, delayed ? "merges only what the agent has taken" : "does not merge blocks");
        }
        return Finding.warn(
                Check.COMPACTION,
                "merges blocks without asking: a merged one of which the agent has sent a part is held back",
                "see delay-file above; before 3.9 " + TWO_HOURS);
    }

    private static boolean isTwoHours(String text) {
        try {
            return Durations.parse(text).equals(Duration.ofHours(2));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
