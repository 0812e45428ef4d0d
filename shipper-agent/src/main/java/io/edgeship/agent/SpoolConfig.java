package io.edgeship.agent;

import io.edgeship.queue.quota.OnFull;
import io.edgeship.queue.quota.SpoolLimits;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import io.edgeship.runtime.config.Sizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// How much room each spool may take: the keys under `spool`.
///
/// @param maxBytes     0 for any number
/// @param minFreeBytes of the spool's disk; empty (`auto`) for a share of it
record SpoolConfig(long maxBytes, OptionalLong minFreeBytes, OnFull onFull, Store store) {
    /// A large disk needs no larger reserve: Prometheus' write-ahead log comes in segments of 128 MiB.
    private static final long MIN_FREE_BYTES_MAX = 512L << 20;

    /// A small one may be meant for little more than the spool.
    private static final long MIN_FREE_SHARE = 20;

    private static final String AUTO = "auto";

    /// What the spool keeps of a sealed block.
    enum Store {
        /// Its files, beside a pack if there is one.
        LINKED,
        /// Nothing but its pack.
        PACKED
    }

    static SpoolConfig from(ConfigSection spool) throws ConfigException {
        String minFree = spool.text("min_free_bytes", AUTO);
        try {
            return new SpoolConfig(
                    spool.size("max_bytes", 0),
                    minFree.equals(AUTO) ? OptionalLong.empty() : OptionalLong.of(Sizes.parse(minFree)),
                    spool.choice("on_full", OnFull.class, OnFull.STOP),
                    spool.choice("store", Store.class, Store.LINKED));
        } catch (IllegalArgumentException e) {
            throw spool.wrong("min_free_bytes", "is auto, or a size like 512MiB");
        }
    }

    /// For a spool in an existing directory.
    SpoolLimits limits(Path spool) throws IOException {
        return limits(Files.getFileStore(spool).getTotalSpace());
    }

    /// For a spool on a disk of that size.
    SpoolLimits limits(long diskBytes) {
        return new SpoolLimits(maxBytes, minFreeBytes.orElse(reserve(diskBytes)), onFull);
    }

    /// What is kept free of a disk where nothing is said.
    static long reserve(long diskBytes) {
        return Math.min(MIN_FREE_BYTES_MAX, diskBytes / MIN_FREE_SHARE);
    }
}
