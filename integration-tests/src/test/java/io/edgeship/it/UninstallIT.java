package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.Child;
import io.edgeship.demo.EdgeshipProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands of `uninstall.md`, run as they stand there, leave exactly what the page says.
class UninstallIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    private Path dir;

    private CommandLine site = new CommandLine(Path.of(""));
    private Path config = Path.of("");
    private SortedMap<String, String> before = new TreeMap<>();

    @BeforeEach
    void shipABlock() throws Exception {
        site = new CommandLine(dir);
        config = site.siteWithABlock();
        before = files(site.dataDir());
        try (Child agent = EdgeshipProcess.agent(dir.resolve("agent.log"), config, "--once")) {
            assertThat(agent.awaitExit(LIMIT)).as(agent.output()).isZero();
        }
    }

    @Test
    void aSiteHasPrometheusFilesAndNoOthersAfterwards() throws Exception {
        CommandLine.Ended ended = run(PageBlock.UNINSTALL_SITE);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("Remove --storage.tsdb.delay-compact-file.path");
        assertThat(files(site.dataDir()))
                .as("the data directory, each file with its inode, links and size")
                .isEqualTo(before);
        assertThat(keys()).as("keys in the bucket").contains(CommandLine.BLOCK + "/meta.json");
    }

    @Test
    void nothingIsRemovedWhileSomethingIsLeftToShip() throws Exception {
        Files.writeString(dir.resolve("objstore.yml"), """
                type: S3
                config: {bucket: nobody, endpoint: "127.0.0.1:1", insecure: true, access_key: a, secret_key: b}
                """);
        Path block = site.dataDir().resolve(CommandLine.BLOCK);
        assertThat(new CommandLine(dir)
                        .run("queue reship " + CommandLine.BLOCK + " --force --config", config)
                        .exitCode())
                .isZero();
        CommandLine.Ended ended = run(PageBlock.UNINSTALL_SITE);
        assertThat(ended.exitCode()).as(ended.output()).isNotZero();
        assertThat(site.dataDir().resolve("edgeship-spool")).isDirectory();
        assertThat(block).isDirectory();
    }

    @Test
    void theBucketHasBlocksAndNothingElseAfterwards() throws Exception {
        CommandLine.Ended cycle = site.run("compact --once --config", site.centre());
        assertThat(cycle.exitCode()).as(cycle.output()).isZero();
        SortedMap<String, String> blocks = new TreeMap<>(files(site.bucketDir()));
        blocks.keySet().removeIf(name -> !name.startsWith(CommandLine.BLOCK));
        assertThat(keys()).as("what a centre leaves").contains("edgeship/fleet/bucket-index.json.gz");
        CommandLine.Ended ended = run(PageBlock.UNINSTALL_BUCKET);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(files(site.bucketDir())).isEqualTo(blocks);
        if (Program.isNamed("EDGESHIP_THANOS")) {
            new Thanos(Program.thanos(), dir).verify(site.objstore());
        }
    }

    private CommandLine.Ended run(PageBlock block) throws IOException, InterruptedException {
        return new PageCommands(dir)
                .run(
                        block,
                        Map.of(
                                "DATA", site.dataDir().toString(),
                                "BUCKET", site.bucketDir().toString()));
    }

    private Set<String> keys() throws IOException {
        return new TreeSet<>(files(site.bucketDir()).keySet());
    }

    /// Everything below a folder: of a file its inode, how many names it has, and its size.
    private static SortedMap<String, String> files(Path top) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(top)) {
            for (Path one : all.filter(path -> !path.equals(top)).toList()) {
                Map<String, Object> of = Files.readAttributes(one, "unix:ino,nlink,size,isDirectory");
                boolean folder = Boolean.TRUE.equals(of.get("isDirectory"));
                files.put(
                        top.relativize(one).toString(),
                        folder
                                ? "folder"
                                : "inode %s, names %s, bytes %s"
                                        .formatted(of.get("ino"), of.get("nlink"), of.get("size")));
            }
        }
        return files;
    }
}
