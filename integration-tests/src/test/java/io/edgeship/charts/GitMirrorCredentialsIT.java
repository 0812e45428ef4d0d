package io.edgeship.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgeship.demo.LocalPrometheus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The local copy of a repository that asks for a token: whatever is wrong with it the last commit stays, what to mend
/// is said, and the token is told to nobody else.
class GitMirrorCredentialsIT {
    private static final String TOKEN = "glpat-4c1dbed8ff00";

    @TempDir
    private Path dir;

    @SuppressWarnings("NullAway.Init")
    private GitRepository upstream;

    @SuppressWarnings("NullAway.Init")
    private GitServer server;

    @SuppressWarnings("NullAway.Init")
    private GitMirror mirror;

    private Path secret = Path.of("");
    private String commit = "";

    @BeforeEach
    void aCopyThatWasFetchedWithAToken() throws Exception {
        assumeTrue(LocalPrometheus.onPath("git").isPresent(), "no git found");
        upstream = GitRepository.init(dir.resolve("centre/fleet"));
        server = GitServer.beside(upstream);
        server.lets("site-7", TOKEN);
        mirror = new GitMirror(Files.createDirectories(dir.resolve("site")), server.url(upstream));
        secret = Files.createDirectories(dir.resolve("secret")).resolve("credentials");
        credentials("http://site-7:%s@%s\n".formatted(TOKEN, server.host()));
        commit = upstream.commit();
        comes(commit);
    }

    @AfterEach
    void tellsTheTokenToNobody() throws IOException {
        server.close();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.equals(secret)) {
                    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .as("copy, log, or what Git runs: %s", file)
                            .doesNotContain(TOKEN);
                }
            }
        }
        assertThat(server.commandLines()).anyMatch(line -> line.contains("git"));
        assertThat(server.commandLines()).noneMatch(line -> line.contains(TOKEN));
        assertThat(Files.readString(dir.resolve("trace"))).contains("credential-store");
    }

    private void credentials(String lines) throws IOException {
        Files.writeString(secret, lines);
    }

    private GitMirror.Ended once() throws IOException, InterruptedException {
        return mirror.once(Map.of(
                "CREDENTIALS",
                secret.toString(),
                "GIT_TRACE",
                dir.resolve("trace").toString(), // every program that Git runs, with its words
                "NO_PROXY",
                "127.0.0.1",
                "no_proxy",
                "127.0.0.1"));
    }

    private void comes(String wanted) throws IOException, InterruptedException {
        GitMirror.Ended ended = once();
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(mirror.served().tip()).isEqualTo(wanted);
        mirror.served().isWhole();
        try (Stream<Path> files = Files.list(secret.resolveSibling("."))) {
            assertThat(files).as("nothing is written beside the secret").hasSize(1);
        }
    }

    /// The centre has a new commit, which cannot be had.
    private void staysAndSays(String why) throws IOException, InterruptedException {
        upstream.commit();
        GitMirror.Ended ended = once();
        assertThat(ended.code()).as(ended.output()).isEqualTo(1);
        assertThat(ended.output()).contains(why + "; what was there stays");
        assertThat(mirror.served().tip()).isEqualTo(commit);
        mirror.served().isWhole();
    }

    @Test
    void aTokenThatIsRefusedIsNotForgottenAndServesAgainOnceItIsTaken() throws Exception {
        server.lets("site-7", "another");
        String before = Files.readString(secret);
        staysAndSays("it refuses the credentials in " + secret);
        assertThat(secret).hasContent(before.strip());
        server.lets("site-7", TOKEN);
        comes(upstream.tip());
    }

    @Test
    void aNewTokenIsTakenFromTheFileAtTheNextLook() throws Exception {
        server.lets("site-7", "another");
        staysAndSays("it refuses the credentials in " + secret);
        credentials("http://site-7:another@%s\n".formatted(server.host()));
        comes(upstream.tip());
    }

    @Test
    void aTokenThatMayNotReadIsTold() throws Exception {
        server.lets("site-8", TOKEN);
        server.refusesBy(403);
        staysAndSays("it knows the credentials in %s, and they may not read it".formatted(secret));
    }

    @Test
    void aTokenForAnotherPlaceStaysHere() throws Exception {
        credentials("https://site-7:%s@git.example.net\n".formatted(TOKEN));
        staysAndSays("it asks for credentials, and %s has none for it".formatted(secret));
    }

    @Test
    void withoutAFileItIsSaidWhichOneIsMissing() throws Exception {
        Files.delete(secret);
        staysAndSays("it asks for credentials, and there is no " + secret);
        credentials("http://site-7:%s@%s\n".formatted(TOKEN, server.host()));
        comes(upstream.tip());
    }

    @Test
    void aTokenInTheUrlIsRefusedAndNotRepeated() throws Exception {
        for (String user : List.of("site-7:" + TOKEN, TOKEN)) {
            String url = server.url(upstream).replace("http://", "http://" + user + "@");
            GitMirror.Ended ended = new GitMirror(Files.createDirectories(dir.resolve("new")), url).once();
            assertThat(ended.code()).as(ended.output()).isEqualTo(2);
            assertThat(ended.output()).contains("UPSTREAM has a name or a token in it: they belong into ");
            assertThat(dir.resolve("new")).isEmptyDirectory();
        }
    }
}
