package io.edgeship.agent.check;

import io.edgeship.ship.SourceConfig;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All that is looked at for one source; nothing goes over the link, and what is changed is taken back.
///
/// @param blocks     what lies there; none where the path is wrong
/// @param prometheus what it says of itself
record SourceChecks(List<Finding> findings, BlocksOnDisk blocks, PrometheusFacts prometheus) {
    static SourceChecks of(SourceConfig source, Setup setup, InstantSource clock) {
        Path path = source.path();
        List<Finding> findings = new ArrayList<>();
        findings.add(PathCheck.look(path));
        PrometheusFacts prometheus = PrometheusFacts.ask(source.url());
        if (findings.getFirst().verdict() == Finding.Verdict.FAIL) {
            findings.addAll(PrometheusCheck.judge(prometheus, path));
            return new SourceChecks(findings, BlocksOnDisk.NONE, prometheus);
        }
        findings.add(PathCheck.access(path));
        Path near = near(source.spool());
        if (!near.equals(path)) {
            findings.add(PathCheck.access(near));
        }
        BlocksOnDisk blocks = blocks(source, clock, findings);
        Optional<Path> newest = blocks.newest();
        findings.add(UidCheck.look(path, newest));
        findings.add(LinkCheck.look(path, newest, near, blocks.bytesPerDay()));
        findings.addAll(DiskCheck.look(near, setup.limits()));
        findings.add(BlocksCheck.judge(blocks).of(path));
        findings.addAll(PrometheusCheck.judge(prometheus, path));
        findings.addAll(RetentionCheck.look(path, retention(prometheus, blocks, near, setup)));
        return new SourceChecks(findings, blocks, prometheus);
    }

    /// The spool's directory, or the one that it will be made in.
    static Path near(Path spool) {
        if (Files.isDirectory(spool)) {
            return spool;
        }
        Path parent = spool.toAbsolutePath().getParent();
        return parent == null ? spool : parent;
    }

    private static BlocksOnDisk blocks(SourceConfig source, InstantSource clock, List<Finding> findings) {
        try {
            return BlocksOnDisk.of(source, clock);
        } catch (IOException e) {
            findings.add(Finding.fail(
                            Check.ACCESS,
                            "blocks or spool cannot be read: " + e.getMessage(),
                            "run this check and the agent as Prometheus' user; a spool of a later version wants a later agent")
                    .of(source.path()));
            return BlocksOnDisk.NONE;
        }
    }

    private static RetentionCheck.Facts retention(
            PrometheusFacts prometheus, BlocksOnDisk blocks, Path near, Setup setup) {
        long free = 0;
        long total = 0;
        try {
            FileStore store = Files.getFileStore(near);
            free = store.getUsableSpace();
            total = store.getTotalSpace();
        } catch (IOException e) {
            // The check of the disk has said so.
        }
        return new RetentionCheck.Facts(
                prometheus.retention(),
                blocks.bytesPerDay(),
                blocks.days(),
                new RetentionCheck.Disk(free, total, setup.limits().apply(total)),
                setup.offlineDays());
    }
}
