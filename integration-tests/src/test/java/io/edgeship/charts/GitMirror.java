package io.edgeship.charts;

import io.edgeship.demo.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// `deploy/gitops/mirror/mirror.sh` as a child process.
///
/// @param directory where it keeps its copies
record GitMirror(Path directory, String upstream) {
    private static final Path SCRIPT =
            Path.of("../deploy/gitops/mirror/mirror.sh").toAbsolutePath();

    /// The copy that is served.
    GitRepository served() {
        return new GitRepository(directory.resolve("fleet.git"));
    }

    boolean serves() {
        return Files.exists(directory.resolve("fleet.git"));
    }

    record Ended(int code, String output) {}

    /// One look at the centre, to its end.
    Ended once() throws IOException, InterruptedException {
        return once(Map.of());
    }

    /// As above, with more in its environment.
    Ended once(Map<String, String> more) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("PATH", withoutSync() + ":" + System.getenv("PATH"));
        Process process = start(environment);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            killTree(process.toHandle());
            throw new IOException("mirror.sh has not ended: " + output());
        }
        return new Ended(process.exitValue(), output());
    }

    Process start() throws IOException {
        return start(Map.of("PATH", withoutSync() + ":" + System.getenv("PATH")));
    }

    /// A folder with a `sync` that does nothing: kill -9 takes no page from the cache, and a test has the disk not
    /// alone.
    private Path withoutSync() throws IOException {
        Path bin = Files.createDirectories(directory.resolveSibling("without-sync"));
        Path sync = Files.writeString(bin.resolve("sync"), "#!/bin/sh\n");
        if (!sync.toFile().setExecutable(true)) {
            throw new IOException(sync + " cannot be made a program");
        }
        return bin;
    }

    Process start(Map<String, String> more) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of("/bin/sh", SCRIPT.toString(), "once"))
                .redirectErrorStream(true)
                .redirectOutput(log().toFile());
        builder.environment().putAll(GitRepository.ENVIRONMENT);
        builder.environment().putAll(Map.of("UPSTREAM", upstream, "MIRROR_DIR", directory.toString()));
        builder.environment().putAll(more);
        return builder.start();
    }

    private Path log() {
        return directory.resolveSibling(directory.getFileName() + ".log");
    }

    private String output() throws IOException {
        return Files.readString(log(), StandardCharsets.UTF_8);
    }

    /// `kill -9` of it and of all that it has started; returns once they are gone.
    static void killTree(ProcessHandle process) throws InterruptedException, IOException {
        List<ProcessHandle> all =
                Stream.concat(Stream.of(process), process.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        if (!Deadline.in(Duration.ofSeconds(30)).reached(() -> all.stream().noneMatch(GitMirror::runs))) {
            throw new IOException("still alive: " + all);
        }
    }

    /// An orphan that has ended counts as alive until init has looked after it, which may take a second; it has no
    /// program.
    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }
}
