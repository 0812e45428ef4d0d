package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgeship.demo.Child;
import io.edgeship.it.CommandLine.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A Docker daemon by its command line, and the images that `./edgeship dist` made.
record Docker(Path dir) {
    private static final Path DIST = Path.of("../target/dist").toAbsolutePath().normalize();
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String RUNNING = "{{.State.Running}}";

    /// Loads an image from its tar and returns its name. Skips the test where there is none, or no daemon.
    String load(String image) throws IOException, InterruptedException {
        assumeTrue(answers(), "no Docker daemon answers");
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        List<Path> tars = List.of();
        if (Files.isDirectory(DIST)) {
            try (var files = Files.newDirectoryStream(DIST, image + "-*-linux-" + architecture + ".tar")) {
                tars = new ArrayList<>();
                files.forEach(tars::add);
            }
        }
        assumeTrue(!tars.isEmpty(), "no image of %s in %s: ./edgeship dist makes it".formatted(image, DIST));
        Ended loaded = run("load", "--input", tars.getFirst());
        assertThat(loaded.exitCode()).as(loaded.output()).isZero();
        String said = loaded.output().strip();
        return said.substring(said.lastIndexOf(' ') + 1);
    }

    private boolean answers() throws IOException, InterruptedException {
        try {
            return run("version", "--format", "{{.Server.Version}}").exitCode() == 0;
        } catch (IOException e) {
            return false; // there is no program of that name
        }
    }

    /// Runs a command to its end.
    Ended run(Object... words) throws IOException, InterruptedException {
        try (Child child = start(words)) {
            return new Ended(child.awaitExit(LIMIT), child.output());
        }
    }

    /// Runs a container that goes on; it is removed with the returned handle.
    Container detached(Object... words) throws IOException, InterruptedException {
        List<Object> all = new ArrayList<>(List.of("run", "--detach"));
        all.addAll(List.of(words));
        Ended started = run(all.toArray());
        assertThat(started.exitCode()).as(started.output()).isZero();
        return new Container(this, started.output().strip());
    }

    private Child start(Object... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("docker"));
        for (Object word : words) {
            command.add(word.toString());
        }
        Path log = Files.createTempFile(dir, "docker", ".log");
        return Child.start("docker " + words[0], log, command, Map.of());
    }

    /// A container that runs by itself.
    record Container(Docker docker, String id) implements AutoCloseable {
        boolean runs() throws IOException, InterruptedException {
            return docker.run("inspect", "--format", RUNNING, id)
                    .output()
                    .strip()
                    .equals("true");
        }

        String log() throws IOException, InterruptedException {
            return docker.run("logs", id).output();
        }

        @Override
        public void close() throws IOException {
            try {
                docker.run("rm", "--force", id);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
