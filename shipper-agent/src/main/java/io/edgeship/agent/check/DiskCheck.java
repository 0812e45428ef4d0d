package io.edgeship.agent.check;

import io.edgeship.queue.quota.SpoolLimits;
import io.edgeship.runtime.config.Sizes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;

/// The disk under the spool.
final class DiskCheck {
    private static final long FREE_BYTES_MIN = 64L << 20;
    private static final long FREE_BYTES_GOOD = 1L << 30;
    private static final long INODES_MIN = 1_000;
    private static final long INODES_GOOD = 50_000;
    private static final Set<String> GONE_AT_REBOOT = Set.of("tmpfs", "ramfs", "overlay", "overlayfs");
    private static final Set<String> WITHOUT_LINKS = Set.of("vfat", "msdos", "exfat");
    private static final Set<String> OF_THE_NETWORK = Set.of("nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p");

    private DiskCheck() {}

    /// @param freeInodes empty where the file system has no fixed number of them
    /// @param limits     of the spool on it
    record Facts(
            long freeBytes,
            long totalBytes,
            boolean readOnly,
            String type,
            Optional<Long> freeInodes,
            SpoolLimits limits) {}

    static List<Finding> look(Path near, LongFunction<SpoolLimits> limits) {
        try {
            FileStore store = Files.getFileStore(near);
            Facts facts = new Facts(
                    store.getUsableSpace(),
                    store.getTotalSpace(),
                    store.isReadOnly(),
                    store.type(),
                    inodes(near),
                    limits.apply(store.getTotalSpace()));
            return judge(facts).stream().map(finding -> finding.of(near)).toList();
        } catch (IOException e) {
            return List.of(Finding.fail(
                            Check.DISK,
                            "cannot be looked at: " + e.getMessage(),
                            "see whether the disk is mounted and sound")
                    .of(near));
        }
    }

    /// The JDK does not know them; `stat` of coreutils and busybox does.
    private static Optional<Long> inodes(Path path) {
        try {
            Process stat = new ProcessBuilder("stat", "-f", "-c", "%c %d", path.toString())
                    .redirectErrorStream(true)
                    .start();
            String[] words = new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .strip()
                    .split(" ");
            boolean counted = stat.waitFor() == 0 && words.length == 2 && !words[0].equals("0");
            return counted ? Optional.of(Long.valueOf(words[1])) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    static List<Finding> judge(Facts facts) {
        return List.of(space(facts), type(facts.type()), inodes(facts.freeInodes()));
    }

    private static Finding space(Facts facts) {
        String free = "%s of %s free".formatted(Sizes.print(facts.freeBytes()), Sizes.print(facts.totalBytes()));
        if (facts.readOnly()) {
            return Finding.fail(
                    Check.DISK,
                    "mounted read-only",
                    "look for errors in dmesg (a dying memory card is remounted so), or take readOnly off the volume");
        }
        if (facts.freeBytes() < FREE_BYTES_MIN) {
            return Finding.fail(Check.DISK, free, "make room, or lower Prometheus' retention: it stops too");
        }
        return limited(facts, free);
    }

    private static Finding limited(Facts facts, String free) {
        long reserve = facts.limits().minFreeBytes();
        if (facts.freeBytes() < reserve) {
            return Finding.fail(
                    Check.DISK,
                    "%s, less than spool.min_free_bytes (%s): %s"
                            .formatted(
                                    free,
                                    Sizes.print(reserve),
                                    switch (facts.limits().onFull()) {
                                        case STOP -> "one block at a time is taken";
                                        case OLDEST -> "the oldest blocks are given up";
                                        case THIN -> "the oldest blocks are thinned, then given up";
                                    }),
                    "make room, or lower spool.min_free_bytes or Prometheus' retention");
        }
        if (facts.limits().maxBytes() > facts.totalBytes() - reserve) {
            return Finding.warn(
                    Check.DISK,
                    "%s, less in all than spool.max_bytes (%s) and what is kept free: the disk is the limit"
                            .formatted(free, Sizes.print(facts.limits().maxBytes())),
                    "lower spool.max_bytes, or leave it out");
        }
        return facts.freeBytes() < FREE_BYTES_GOOD
                ? Finding.warn(Check.DISK, free, "a larger disk, or a smaller retention of Prometheus")
                : Finding.pass(Check.DISK, free);
    }

    private static Finding type(String type) {
        if (GONE_AT_REBOOT.contains(type)) {
            return Finding.warn(
                    Check.FILE_SYSTEM,
                    type + ": what waits is gone with the container or at a reboot",
                    "put Prometheus' data on a disk of its own: a volume, not the container's root or memory");
        }
        if (WITHOUT_LINKS.contains(type)) {
            return Finding.warn(Check.FILE_SYSTEM, type + " has no hard links: blocks are copied", "use ext4, or xfs");
        }
        if (OF_THE_NETWORK.contains(type)) {
            return Finding.warn(
                    Check.FILE_SYSTEM,
                    type + ": neither Prometheus nor the spool's lock is made for it",
                    "use a local disk");
        }
        return Finding.pass(Check.FILE_SYSTEM, type);
    }

    private static Finding inodes(Optional<Long> free) {
        if (free.isEmpty()) {
            return Finding.skip(Check.INODES, "this file system does not say how many are left");
        }
        String text = free.get() + " inodes free";
        String fix = "look for millions of small files beside Prometheus' data; a block needs about 10";
        if (free.get() < INODES_MIN) {
            return Finding.fail(Check.INODES, text, fix);
        }
        return free.get() < INODES_GOOD ? Finding.warn(Check.INODES, text, fix) : Finding.pass(Check.INODES, text);
    }
}
