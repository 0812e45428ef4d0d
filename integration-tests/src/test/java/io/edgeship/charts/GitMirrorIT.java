package io.edgeship.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgeship.demo.Deadline;
import io.edgeship.demo.LocalPrometheus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The local copy of the fleet's repository, with a real Git: whatever happens, what it serves is a commit that came
/// whole. `-Dedgeship.kills=200` kills it more often in mid-fetch.
class GitMirrorIT {
    private static final long SEED = Long.getLong("edgeship.seed", 20_261_126);
    private static final int KILLS = Integer.getInteger("edgeship.kills", 4);

    @TempDir
    private Path dir;

    private final Random random = new Random(SEED);

    @SuppressWarnings("NullAway.Init")
    private GitRepository upstream;

    @SuppressWarnings("NullAway.Init")
    private GitMirror mirror;

    @BeforeEach
    void aRepositoryAtTheCentre() throws Exception {
        assumeTrue(LocalPrometheus.onPath("git").isPresent(), "no git found");
        upstream = GitRepository.init(dir.resolve("centre"));
        mirror = new GitMirror(Files.createDirectories(dir.resolve("site")), "file://" + upstream.directory());
    }

    private String newCommit(int bytes) throws IOException, InterruptedException {
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        Files.write(upstream.directory().resolve("file-" + random.nextInt(4)), content);
        return upstream.commit();
    }

    private void serves(String... oneOf) throws IOException, InterruptedException {
        assertThat(mirror.served().tip()).as("seed %d", SEED).isIn((Object[]) oneOf);
        mirror.served().isWhole();
    }

    /// Who was forked in the very moment of a kill may outlive it, and holds the lock until it ends: then the next
    /// round comes later.
    private void comesToItsEnd(String commit) throws IOException, InterruptedException {
        GitMirror.Ended ended = mirror.once();
        Deadline limit = Deadline.in(Duration.ofSeconds(30));
        while (ended.output().contains("another one works in") && !limit.passed()) {
            ended = mirror.once();
        }
        assertThat(ended.code()).as("seed %d: %s", SEED, ended.output()).isZero();
        assertThat(mirror.served().tip()).as("seed %d", SEED).isEqualTo(commit);
    }

    @Test
    void killedAtEachOfItsStepsItServesTheLastCommitThatCameWhole() throws Exception {
        String before = newCommit(1000);
        boolean ended = false;
        int step = 1;
        for (; !ended; step++) {
            String after = newCommit(1000);
            ended = endsBefore(step);
            if (mirror.serves()) {
                serves(before, after);
            }
            comesToItsEnd(after);
            before = after;
        }
        assertThat(step).isGreaterThan(12);
    }

    @Test
    void killedAtEachStepOfTheFirstFetchItServesNothingOrAllOfIt() throws Exception {
        String commit = newCommit(1000);
        boolean ended = false;
        for (int step = 1; !ended; step++) {
            ended = endsBefore(step);
            if (mirror.serves()) {
                serves(commit);
                deleteTheCopy();
            }
        }
        comesToItsEnd(commit);
    }

    private void deleteTheCopy() throws IOException {
        Files.deleteIfExists(mirror.directory().resolve("fleet.git"));
    }

    /// Runs until the n-th program and kills it there, or to its end.
    private boolean endsBefore(int step) throws Exception {
        Path bin = Files.createDirectories(dir.resolve("bin"));
        for (String name : List.of("git", "rm", "ln", "mv", "sync")) {
            String real = "sync".equals(name)
                    ? "true"
                    : LocalPrometheus.onPath(name).orElseThrow().toString();
            Path program = Files.writeString(bin.resolve(name), """
                    #!/bin/sh
                    n=$(($(cat "$COUNT" 2>/dev/null || echo 0) + 1))
                    echo $n >"$COUNT"
                    if [ "$n" = "$STOP_AT" ]; then : >"$REACHED"; exec sleep 60; fi
                    exec %s "$@"
                    """.formatted(real));
            assertThat(program.toFile().setExecutable(true)).isTrue();
        }
        Path count = dir.resolve("count");
        Path reached = dir.resolve("reached");
        Files.deleteIfExists(count);
        Files.deleteIfExists(reached);
        Process process = mirror.start(Map.of(
                "PATH", bin + ":" + System.getenv("PATH"),
                "COUNT", count.toString(),
                "REACHED", reached.toString(),
                "STOP_AT", Integer.toString(step)));
        Deadline.in(Duration.ofSeconds(30)).reached(() -> Files.exists(reached) || !process.isAlive());
        boolean ended = !Files.exists(reached);
        GitMirror.killTree(process.toHandle());
        return ended;
    }

    /// Either it is killed with all that it has started, or the other end of the link goes away under it.
    @Test
    void killedInMidFetchItServesTheLastCommitThatCameWhole() throws Exception {
        String before = newCommit(1000);
        comesToItsEnd(before);
        long start = System.nanoTime();
        before = newCommit(1_500_000);
        comesToItsEnd(before);
        long takesMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        for (int kill = 0; kill < KILLS; kill++) {
            String after = newCommit(1_500_000);
            Process process = mirror.start();
            boolean ended = process.waitFor(1 + random.nextLong(takesMillis), TimeUnit.MILLISECONDS);
            if (!ended && random.nextBoolean()) {
                GitMirror.killTree(process.toHandle());
            } else if (!ended) {
                process.descendants()
                        .filter(each -> each.info().command().orElse("").contains("git"))
                        .forEach(ProcessHandle::destroyForcibly);
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            }
            serves(before, after);
            comesToItsEnd(after);
            before = after;
        }
    }

    @Test
    void whileTheCentreIsAwayTheLastCommitStaysAndTheNextOneComesAfterwards() throws Exception {
        String before = newCommit(1000);
        comesToItsEnd(before);
        Path away = upstream.directory().resolveSibling("away");
        Files.move(upstream.directory(), away);
        GitMirror.Ended ended = mirror.once();
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output()).contains("cannot be read; what was there stays");
        serves(before);
        Files.move(away, upstream.directory());
        comesToItsEnd(newCommit(1000));
    }

    @Test
    void aCentreThatIsDamagedOrEmptyChangesNothing() throws Exception {
        String before = newCommit(1000);
        comesToItsEnd(before);
        newCommit(100_000);
        String blob = upstream.git("rev-parse", "HEAD^{tree}").strip();
        Path object = upstream.directory().resolve(".git/objects/" + blob.substring(0, 2) + "/" + blob.substring(2));
        Path kept = Files.move(object, dir.resolve("object"));
        assertThat(mirror.once().code()).isEqualTo(1);
        serves(before);
        Files.move(kept, object);
        upstream.git("checkout", "--quiet", "--detach");
        upstream.git("branch", "--quiet", "-D", "stable");
        assertThat(mirror.once().output()).contains("has no branch; what was there stays");
        serves(before);
    }

    @Test
    void branchesAndTagsAreThoseOfTheCentre() throws Exception {
        newCommit(1000);
        upstream.git("branch", "canary");
        upstream.git("tag", "v1");
        comesToItsEnd(upstream.tip());
        assertThat(mirror.served().git("for-each-ref")).contains("refs/heads/canary", "refs/tags/v1");
        upstream.git("branch", "-D", "canary");
        upstream.git("commit", "--quiet", "--amend", "--message=written anew");
        comesToItsEnd(upstream.tip());
        assertThat(mirror.served().git("for-each-ref")).doesNotContain("canary");
    }

    @Test
    void aCopyThatTheDiskHasDamagedIsFetchedAnew() throws Exception {
        String commit = newCommit(100_000);
        comesToItsEnd(commit);
        try (var files = Files.walk(mirror.served().directory().toRealPath().resolve("objects"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(file.toFile().setWritable(true)).isTrue();
                Files.write(file, new byte[10]);
            }
        }
        comesToItsEnd(commit);
    }
}
