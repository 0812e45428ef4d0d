package io.edgeship.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A repository in the hands of a real Git, which reads no configuration of this machine's.
record GitRepository(Path directory) {
    static final Map<String, String> ENVIRONMENT = Map.of(
            "GIT_CONFIG_GLOBAL", "/dev/null",
            "GIT_CONFIG_NOSYSTEM", "1",
            "GIT_AUTHOR_NAME", "a",
            "GIT_AUTHOR_EMAIL", "a@example.net",
            "GIT_COMMITTER_NAME", "a",
            "GIT_COMMITTER_EMAIL", "a@example.net");

    /// A new one with the branch `stable`.
    static GitRepository init(Path directory) throws IOException, InterruptedException {
        GitRepository made = new GitRepository(Files.createDirectories(directory));
        made.git("init", "--quiet", "--initial-branch=stable");
        return made;
    }

    GitRepository cloneTo(Path target) throws IOException, InterruptedException {
        git("clone", "--quiet", "--branch=stable", "file://" + directory, target.toString());
        return new GitRepository(target);
    }

    /// Commits all that lies in it; its new name.
    String commit() throws IOException, InterruptedException {
        git("add", "--all");
        git("commit", "--quiet", "--allow-empty", "--message=a commit");
        return tip();
    }

    /// The commit that `stable` is at.
    String tip() throws IOException, InterruptedException {
        return git("rev-parse", "--verify", "refs/heads/stable^{commit}").strip();
    }

    /// Every object is there and sound.
    void isWhole() throws IOException, InterruptedException {
        git("fsck", "--full", "--no-dangling", "--no-progress");
    }

    /// What it printed.
    ///
    /// @throws AssertionError with its words if it failed
    String git(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-c", "safe.directory=*"));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(ENVIRONMENT);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("git %s: %s", List.of(words), output).isZero();
        return output;
    }
}
