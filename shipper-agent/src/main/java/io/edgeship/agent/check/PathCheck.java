package io.edgeship.agent.check;

import io.edgeship.ship.ReadOnlyMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Whether a source's path is a Prometheus data directory, and whether the agent may read and write it.
final class PathCheck {
    /// What a Prometheus data directory has and an empty mount has not.
    private static final List<String> SIGNS = List.of("wal", "chunks_head", "queries.active", "lock");

    private static final String SAME_PATH =
            "set sources[].path to what Prometheus has as --storage.tsdb.path, and in a container mount its volume there";

    private PathCheck() {}

    /// @param dataBelow the name of a directory in it that is the data directory, if one is
    record Facts(boolean exists, boolean directory, boolean data, Optional<String> dataBelow) {}

    static Finding look(Path path) {
        return judge(gather(path)).of(path);
    }

    private static Facts gather(Path path) {
        return new Facts(Files.exists(path), Files.isDirectory(path), isData(path), below(path));
    }

    private static boolean isData(Path path) {
        return SIGNS.stream().anyMatch(sign -> Files.exists(path.resolve(sign)));
    }

    private static Optional<String> below(Path path) {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(entry -> Files.isDirectory(entry.resolve("wal")))
                    .findFirst()
                    .map(entry -> String.valueOf(entry.getFileName()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Finding judge(Facts facts) {
        if (!facts.exists()) {
            return Finding.fail(Check.PATH, "does not exist", SAME_PATH);
        }
        if (!facts.directory()) {
            return Finding.fail(Check.PATH, "is no directory", SAME_PATH);
        }
        if (facts.data()) {
            return Finding.pass(Check.PATH, "is a Prometheus data directory");
        }
        if (facts.dataBelow().isPresent()) {
            String below = facts.dataBelow().get();
            return Finding.fail(
                    Check.PATH,
                    "holds no wal/, but " + below + "/ in it does: this is the volume's root",
                    "mount the volume with subPath: %s, as the Prometheus container does, or add /%s to sources[].path"
                            .formatted(below, below));
        }
        return Finding.fail(
                Check.PATH,
                "holds no wal/: it is not where Prometheus writes",
                SAME_PATH
                        + ", with the same subPath as in the Prometheus container (kube-prometheus-stack: prometheus-db "
                        + "where storageSpec is set)");
    }

    static Finding access(Path path) {
        return access(Files.isReadable(path), Files.isWritable(path), ReadOnlyMount.holds(path))
                .of(path);
    }

    static Finding access(boolean readable, boolean writable, boolean readOnlyMount) {
        if (readable && writable) {
            return Finding.pass(Check.ACCESS, "can be read and written");
        }
        if (readable && readOnlyMount) {
            return Finding.warn(
                    Check.ACCESS,
                    "is mounted read-only: blocks are copied, and Prometheus cannot be made to wait for the agent",
                    "mount it writable, or give the spool a volume of its own (spool.path) and live with that");
        }
        return Finding.fail(
                Check.ACCESS,
                readable ? "cannot be written: thanos.shipper.json and the spool go there" : "cannot be read",
                readable
                        ? "run the agent as Prometheus' user and mount the volume without readOnly"
                        : "run the agent as Prometheus' user; in Kubernetes leave runAsUser out of the agent's container");
    }
}
