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
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a block once, in the order of its series, and checks every [Rule]. Stateless; memory grows neither with series
/// nor
/// with samples.
///
/// A broken block is a verdict. An exception means that nothing can be said now: reading failed, or the block is going
/// away.
public final class BlockVerifier {
    /// After so many the rest would not help anybody.
    public static final int VIOLATIONS_MAX = 20;

    private BlockVerifier() {}

    /// Verifies the block in `blockDir`, whose name must be its ULID.
    public static Verdict verify(Path blockDir) throws IOException {
        Path name = blockDir.toAbsolutePath().normalize().getFileName();
        return verify(blockDir, name == null ? "" : name.toString());
    }

    /// Verifies a block that lies in a directory of another name.
    public static Verdict verify(Path blockDir, BlockId id) throws IOException {
        return verify(blockDir, id.toString());
    }

    private static Verdict verify(Path blockDir, String expectedId) throws IOException {
        List<Violation> violations = new ArrayList<>();
        BlockMeta meta = meta(blockDir, expectedId, violations);
        if (meta == null) {
            return new Verdict.Broken(violations, null);
        }
        tombstones(blockDir.resolve("tombstones"), violations);
        SeriesCheck check = new SeriesCheck(meta, violations);
        try (BlockReader block = BlockReader.open(BlockFiles.of(blockDir))) {
            check.run(block);
        } catch (CorruptFormatException e) {
            violations.add(new Violation(Rule.INDEX_READABLE, e.file(), e.offset(), e.problem()));
        } catch (UnsupportedVersionException | NoSuchFileException e) {
            violations.add(
                    new Violation(Rule.INDEX_READABLE, blockDir.resolve("index").toString(), -1, e.toString()));
        } catch (SeriesCheck.EnoughException _) {
            return new Verdict.Broken(violations, meta);
        }
        if (violations.isEmpty()) {
            return new Verdict.Sound(meta, check.content());
        }
        return new Verdict.Broken(violations, meta);
    }

    private static @Nullable BlockMeta meta(Path blockDir, String expectedId, List<Violation> violations)
            throws IOException {
        Path file = blockDir.resolve(BlockMeta.FILE_NAME);
        try {
            BlockMeta meta = BlockMeta.read(file);
            if (!meta.id().toString().equals(expectedId)) {
                String detail = "ulid is %s, the directory says %s".formatted(meta.id(), expectedId);
                violations.add(new Violation(Rule.META_READABLE, file.toString(), -1, detail));
            }
            return meta;
        } catch (CorruptFormatException e) {
            violations.add(new Violation(Rule.META_READABLE, file.toString(), -1, e.problem()));
        } catch (UnsupportedVersionException e) {
            violations.add(new Violation(Rule.META_READABLE, file.toString(), -1, String.valueOf(e.getMessage())));
        } catch (NoSuchFileException e) {
            violations.add(new Violation(Rule.META_READABLE, file.toString(), -1, "there is no such file"));
        }
        return null;
    }

    private static void tombstones(Path file, List<Violation> violations) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (ByteSource source = FileSource.open(file)) {
            TombstonesReader.forEach(source, _ -> {});
        } catch (CorruptFormatException e) {
            violations.add(new Violation(Rule.TOMBSTONES_READABLE, e.file(), e.offset(), e.problem()));
        } catch (UnsupportedVersionException e) {
            violations.add(
                    new Violation(Rule.TOMBSTONES_READABLE, file.toString(), -1, String.valueOf(e.getMessage())));
        }
    }
}
