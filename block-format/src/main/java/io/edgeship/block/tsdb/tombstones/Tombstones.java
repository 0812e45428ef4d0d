package io.edgeship.block.tsdb.tombstones;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.FileSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// What was deleted from a block, by series; all of it in memory. Immutable.
public final class Tombstones {
    public static final String FILE_NAME = "tombstones";

    /// Far more than anybody deletes by hand; Prometheus rewrites a block long before.
    private static final int TOMBSTONES_MAX = 1 << 20;

    private final Map<Long, List<Tombstone>> bySeries;

    private Tombstones(Map<Long, List<Tombstone>> bySeries) {
        this.bySeries = bySeries;
    }

    /// Those of a block, which may have no such file.
    public static Tombstones read(Path blockDir) throws IOException {
        try (ByteSource source = FileSource.open(blockDir.resolve(FILE_NAME))) {
            return read(source);
        } catch (NoSuchFileException _) {
            return none();
        }
    }

    public static Tombstones none() {
        return new Tombstones(Map.of());
    }

    public static Tombstones read(ByteSource source) throws IOException {
        if (source.size() > (long) TOMBSTONES_MAX * Long.BYTES) {
            throw new CorruptFormatException(source.name(), 0, "more than %d tombstones".formatted(TOMBSTONES_MAX));
        }
        Map<Long, List<Tombstone>> bySeries = new HashMap<>();
        TombstonesReader.forEach(
                source,
                stone -> bySeries.computeIfAbsent(stone.seriesRef(), _ -> new ArrayList<>())
                        .add(stone));
        return new Tombstones(bySeries);
    }

    public boolean isEmpty() {
        return bySeries.isEmpty();
    }

    /// A hash of all of them, whatever their order.
    public String sha256Hex() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            bySeries.values().stream()
                    .flatMap(List::stream)
                    .sorted(Comparator.comparingLong(Tombstone::seriesRef)
                            .thenComparingLong(Tombstone::minTime)
                            .thenComparingLong(Tombstone::maxTime))
                    .forEach(stone -> digest.update(ByteBuffer.allocate(3 * Long.BYTES)
                            .putLong(stone.seriesRef())
                            .putLong(stone.minTime())
                            .putLong(stone.maxTime())
                            .flip()));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Those of one series, in no order; they may overlap.
    public List<Tombstone> of(long seriesRef) {
        return bySeries.getOrDefault(seriesRef, List.of());
    }
}
