package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.Child;
import io.edgeship.demo.LocalPrometheus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A real Thanos' commands on buckets, each run to its end. All its delays are nothing, so that one run does all.
///
/// @param home of logs and of what it keeps between two buckets
record Thanos(Path program, Path home) {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /// One run of `thanos compact`, which ends where one in production would halt.
    void compact(Path objstore, String... flags) throws IOException, InterruptedException {
        try (Child child = startCompact(objstore, flags)) {
            assertDone(child);
        }
    }

    /// As a page says it, of the bucket in `objstore.yml` beside it; does not wait for it.
    Child startCompact(PageCommands page, PageBlock block) throws IOException {
        Path data = Files.createTempDirectory(home, "compact");
        Map<String, String> variables =
                Map.of("WORK", data.resolve("data").toString(), "MORE", String.join(" ", quick()));
        return page.with("thanos", program).start(block, data.resolve("log"), variables);
    }

    private static List<String> quick() throws IOException {
        return List.of(
                "--http-address=127.0.0.1:" + LocalPrometheus.freePort(),
                "--consistency-delay=0s",
                "--delete-delay=0s");
    }

    /// With flags of its own; does not wait for it.
    Child startCompact(Path objstore, String... flags) throws IOException {
        Path data = Files.createTempDirectory(home, "compact");
        List<String> words = new ArrayList<>(List.of(
                program.toString(),
                "compact",
                "--data-dir=" + data.resolve("data"),
                "--objstore.config-file=" + objstore));
        words.addAll(quick());
        words.addAll(List.of(flags));
        return Child.start("thanos compact", data.resolve("log"), words, Map.of());
    }

    static void assertDone(Child compact) throws IOException, InterruptedException {
        assertThat(compact.awaitExit(LIMIT)).as(compact.output()).isZero();
        assertThat(compact.output()).doesNotContain("level=error").doesNotContain("critical error");
    }

    /// `thanos tools bucket verify` finds nothing to say, but for what `issues` leaves out.
    void verify(Path objstore) throws IOException, InterruptedException {
        Path log = Files.createTempFile(home, "verify", ".log");
        List<String> words =
                List.of(program.toString(), "tools", "bucket", "verify", "--objstore.config-file=" + objstore);
        try (Child child = Child.start("thanos tools bucket verify", log, words, Map.of())) {
            assertThat(child.awaitExit(LIMIT)).as(child.output()).isZero();
            assertThat(child.output()).doesNotContain("level=error").doesNotContain("level=warn");
        }
    }

    ThanosReader read(Path objstore) throws IOException, InterruptedException {
        return ThanosReader.start(program, objstore, Files.createTempDirectory(home, "reader"));
    }
}
