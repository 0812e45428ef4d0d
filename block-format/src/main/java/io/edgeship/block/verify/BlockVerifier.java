package io.edgeship.block.verify;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.FileSource;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.tombstones.TombstonesReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Reads a block once, in the order of its series, and checks every [Rule]. Stateless; memory grows neither with series
/// nor with samples, and no chunk is read twice.
///
/// A broken block is a verdict. An exception means that nothing can be said now: reading failed, or the block is going
/// away.
public final class BlockVerifier {
    /// After so many the rest would not help anybody.
    public static final int VIOLATIONS_MAX = 20;

    static final String INDEX = "index";
    private static final String TOMBSTONES = "tombstones";
    private static final String NO_FILE = "there is no such file";

    private final Path blockDir;
    private final Watcher watcher;
    private final Findings findings = new Findings();

    private BlockVerifier(Path blockDir, Watcher watcher) {
        this.blockDir = blockDir;
        this.watcher = watcher;
    }

    /// Is told after each series how far the check is.
    @FunctionalInterface
    public interface Watcher {
        /// @param total as meta.json says, so it may be wrong
        void series(long done, long total);
    }

    /// Verifies the block in `blockDir`, whose name must be its ULID.
    public static Verdict verify(Path blockDir) throws IOException {
        return verify(blockDir, (_, _) -> {});
    }

    public static Verdict verify(Path blockDir, Watcher watcher) throws IOException {
        Path name = blockDir.toAbsolutePath().normalize().getFileName();
        return new BlockVerifier(blockDir, watcher).verdict(name == null ? "" : name.toString());
    }

    /// Verifies a block that lies in a directory of another name.
    public static Verdict verify(Path blockDir, BlockId id) throws IOException {
        return new BlockVerifier(blockDir, (_, _) -> {}).verdict(id.toString());
    }

    /// Verifies a block that lies elsewhere than in a directory; tombstones are not looked at.
    ///
    /// @param meta         its meta.json, whose name for the block is taken on trust
    /// @param segmentBytes of all segments together
    public static Verdict verify(BlockMeta meta, BlockFiles files, long segmentBytes, Watcher watcher)
            throws IOException {
        Findings findings = new Findings();
        SeriesCheck check =
                new SeriesCheck(meta, new ChunkCheck(meta.range(), segmentBytes, findings), findings, watcher);
        try {
            series(check, files, findings);
        } catch (Findings.EnoughException _) {
            return new Verdict.Broken(findings.violations(), meta);
        }
        return verdict(meta, check, findings);
    }

    private Verdict verdict(String expectedId) throws IOException {
        BlockMeta meta = meta(expectedId);
        if (meta == null) {
            return new Verdict.Broken(findings.violations(), null);
        }
        ChunkCheck chunks = new ChunkCheck(meta.range(), segmentBytes(), findings);
        SeriesCheck series = new SeriesCheck(meta, chunks, findings, watcher);
        try {
            tombstones();
            series(series, BlockFiles.of(blockDir), findings);
        } catch (Findings.EnoughException _) {
            return new Verdict.Broken(findings.violations(), meta);
        }
        return verdict(meta, series, findings);
    }

    private static Verdict verdict(BlockMeta meta, SeriesCheck series, Findings findings) {
        return findings.violations().isEmpty()
                ? new Verdict.Sound(meta, series.content())
                : new Verdict.Broken(findings.violations(), meta);
    }

    private static void series(SeriesCheck check, BlockFiles files, Findings findings) throws IOException {
        try (BlockReader block = BlockReader.open(files)) {
            check.run(block);
        } catch (CorruptFormatException e) {
            findings.add(Rule.INDEX_READABLE, INDEX, e.offset(), e.problem());
        } catch (UnsupportedVersionException e) {
            findings.add(Rule.INDEX_READABLE, INDEX, -1, message(e));
        } catch (NoSuchFileException _) {
            findings.add(Rule.INDEX_READABLE, INDEX, -1, NO_FILE);
        }
    }

    private @Nullable BlockMeta meta(String expectedId) throws IOException {
        try {
            BlockMeta meta = BlockMeta.read(blockDir.resolve(BlockMeta.FILE_NAME));
            if (!meta.id().toString().equals(expectedId)) {
                String detail = "ulid is %s, the directory says %s".formatted(meta.id(), expectedId);
                findings.add(Rule.META_NAMES_BLOCK, BlockMeta.FILE_NAME, -1, detail);
            }
            return meta;
        } catch (CorruptFormatException e) {
            findings.add(Rule.META_READABLE, BlockMeta.FILE_NAME, -1, e.problem());
        } catch (UnsupportedVersionException e) {
            findings.add(Rule.META_VERSION, BlockMeta.FILE_NAME, -1, message(e));
        } catch (NoSuchFileException _) {
            findings.add(Rule.META_READABLE, BlockMeta.FILE_NAME, -1, NO_FILE);
        }
        return null;
    }

    private void tombstones() throws IOException {
        Path file = blockDir.resolve(TOMBSTONES);
        if (!Files.exists(file)) {
            return;
        }
        try (ByteSource source = FileSource.open(file)) {
            TombstonesReader.forEach(source, _ -> {});
        } catch (CorruptFormatException e) {
            findings.add(Rule.TOMBSTONES_READABLE, TOMBSTONES, e.offset(), e.problem());
        } catch (UnsupportedVersionException e) {
            findings.add(Rule.TOMBSTONES_READABLE, TOMBSTONES, -1, message(e));
        }
    }

    private long segmentBytes() throws IOException {
        long bytes = 0;
        Path dir = blockDir.resolve("chunks");
        if (!Files.isDirectory(dir)) {
            return 0;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) {
            for (Path file : files) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private static String message(UnsupportedVersionException e) {
        return String.valueOf(e.getMessage());
    }
}
