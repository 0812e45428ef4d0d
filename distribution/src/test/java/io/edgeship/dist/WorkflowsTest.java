package io.edgeship.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// `.github/workflows`, which have never run: they parse, say what they may do, and name what is there.
class WorkflowsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Set<String> TOP = Set.of("name", "on", "permissions", "concurrency", "env", "jobs");
    private static final Set<String> JOB =
            Set.of("runs-on", "timeout-minutes", "needs", "strategy", "permissions", "env", "steps");
    private static final Set<String> STEP = Set.of("name", "uses", "with", "run", "if", "env");
    private static final Pattern PINNED = Pattern.compile("[\\w-]+/[\\w-]+@v\\d+\\.\\d+\\.\\d+");
    private static final Pattern OURS = Pattern.compile("(?m)^\\s*\\./(\\w+)");

    static List<Path> workflows() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve(".github/workflows"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void itHasNoUnknownKeysAndMayOnlyReadUnlessAJobSaysSo(Path file) throws IOException {
        Map<?, ?> workflow = map(new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));
        assertThat(names(workflow)).isSubsetOf(TOP);
        assertThat(workflow.get("permissions")).isEqualTo(Map.of("contents", "read"));
        Map<?, ?> jobs = jobs(workflow);
        assertThat(jobs).isNotEmpty();
        for (Object value : jobs.values()) {
            Map<?, ?> job = map(value);
            assertThat(names(job)).isSubsetOf(JOB).contains("runs-on", "timeout-minutes", "steps");
            if (job.get("needs") instanceof String needed) {
                assertThat(names(jobs)).contains(needed);
            }
            for (Map<?, ?> step : steps(job)) {
                assertThat(names(step)).isSubsetOf(STEP);
                assertThat(step.containsKey("uses")).as("%s", step).isNotEqualTo(step.containsKey("run"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void actionsArePinnedAndProgramsExist(Path file) throws IOException {
        Map<?, ?> workflow = map(new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));
        List<String> programs = new ArrayList<>();
        for (Object job : jobs(workflow).values()) {
            for (Map<?, ?> step : steps(map(job))) {
                if (step.get("uses") instanceof String action) {
                    assertThat(action).matches(PINNED);
                } else {
                    Matcher ours = OURS.matcher(String.valueOf(step.get("run")));
                    while (ours.find()) {
                        programs.add(ours.group(1));
                    }
                }
            }
        }
        assertThat(programs).contains("edgeship", "verify");
        for (String program : programs) {
            assertThat(ROOT.resolve(program)).isExecutable();
        }
    }

    private static List<Map<?, ?>> steps(Map<?, ?> job) {
        List<Map<?, ?>> steps = new ArrayList<>();
        if (job.get("steps") instanceof List<?> list) {
            list.forEach(step -> steps.add(map(step)));
        }
        return steps;
    }

    private static Set<String> names(Map<?, ?> map) {
        Set<String> names = new TreeSet<>();
        map.keySet().forEach(key -> names.add(key.toString()));
        return names;
    }

    private static Map<?, ?> jobs(Map<?, ?> workflow) {
        return workflow.get("jobs") instanceof Map<?, ?> jobs ? jobs : Map.of();
    }

    private static Map<?, ?> map(Object value) {
        return (Map<?, ?>) value;
    }
}
