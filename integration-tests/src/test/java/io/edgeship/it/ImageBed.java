package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.LocalS3;
import io.edgeship.it.CommandLine.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What containers of our images are tested with: they may do nothing (no capabilities, no new privileges, a root that
/// cannot be written), see `/etc/edgeship`, and have an S3 server beside them.
record ImageBed(Path dir) {
    static final List<String> RESTRICTED = List.of(
            "--network=host",
            "--read-only",
            "--cap-drop=ALL",
            "--security-opt=no-new-privileges",
            "--tmpfs=/tmp:size=64m,noexec,nosuid,mode=1777");

    /// 128 MiB, and nowhere to go when they are full.
    static final List<String> SMALL = List.of("--memory=128m", "--memory-swap=128m");

    /// The name of an image, or the end of the test where there is none.
    String load(String image) throws IOException, InterruptedException {
        return new Docker(dir).load(image);
    }

    /// What containers see as `/etc/edgeship`.
    Path etc() throws IOException {
        return Files.createDirectories(dir.resolve("etc"));
    }

    /// An S3 server with these buckets; `/etc/edgeship/BUCKET.yml` says how to reach each.
    LocalS3 store(String... buckets) throws IOException, InterruptedException {
        LocalS3 store = LocalS3.start(Files.createDirectories(dir.resolve("store")), buckets);
        for (String bucket : buckets) {
            Files.writeString(etc().resolve(bucket + ".yml"), store.objstoreYaml(bucket));
        }
        return store;
    }

    /// Runs a container to its end.
    ///
    /// @param user    `UID` or `UID:GID`
    /// @param flags   of `docker run`, beside the restrictions
    /// @param command of `./edgeship`, split at spaces
    Ended run(String image, String user, List<String> flags, String command) throws IOException, InterruptedException {
        List<Object> words = new ArrayList<>(List.of("run", "--rm"));
        words.addAll(RESTRICTED);
        words.add("--user=" + user);
        words.add("--volume=" + etc() + ":/etc/edgeship:ro");
        words.addAll(flags);
        words.add(image);
        words.addAll(Arrays.asList(command.split(" ")));
        return new Docker(dir).run(words.toArray());
    }

    /// One cycle of the compactor, which has to end well.
    ///
    /// @param more of `compactor.yaml`
    void cycle(String bucket, String more) throws IOException, InterruptedException {
        configureCentre(bucket, more);
        String command = "compact --once --config=/etc/edgeship/compactor.yaml";
        Ended ended = run(load("edgeship-central"), "10001:10001", List.of(), command);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
    }

    void configureCentre(String bucket, String more) throws IOException {
        Files.writeString(etc().resolve("compactor.yaml"), """
                objstore: {file: /etc/edgeship/%s.yml}
                http: {listen: "127.0.0.1:0"}
                %s
                """.formatted(bucket, more));
    }

    /// Only root may give files another owner; everybody else is the one user.
    String possible(String user) throws IOException {
        Object uid = Files.getAttribute(dir, "unix:uid");
        return uid.equals(0) ? user : uid + ":" + Files.getAttribute(dir, "unix:gid");
    }

    /// Gives a folder and all in it to a user.
    static Path owned(Path tree, String user) throws IOException {
        String[] ids = user.split(":");
        try (var all = Files.walk(tree)) {
            for (Path path : all.toList()) {
                Files.setAttribute(path, "unix:uid", Integer.valueOf(ids[0]));
                Files.setAttribute(path, "unix:gid", Integer.valueOf(ids[1]));
            }
        }
        return tree;
    }
}
