package io.edgeship.fleet;

import io.edgeship.block.BlockId;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/// The `cache_dir`: one file a block, so that a new process asks the bucket for no meta.json again. Its layout is on
/// the package's page.
///
/// A cache: nothing is forced to disk, and a file that is missing, cut, foreign or of another ETag counts as absent.
/// Files of other names are left alone. Whatever goes wrong costs requests, never a cycle. Several processes may
/// share the directory. Not thread-safe.
final class MetaCacheDir {
    /// The directory never grows beyond; blocks of ten thousand sites for a year need less.
    static final long BYTES_MAX = 4L << 30;

    private static final Log LOG = Log.of(MetaCacheDir.class);
    private static final String MAGIC = "edgeship-meta 1 ";
    private static final String SUFFIX = ".meta";
    private static final String TEMPORARY = ".meta-tmp";
    private static final int HEADER_BYTES = MAGIC.length() + 8 + 1;
    private static final int ETAG_BYTES_MAX = 1024;

    private final Path dir;
    private final long bytesMax;
    private long bytes;
    private boolean complained;

    private MetaCacheDir(Path dir, long bytesMax) {
        this.dir = dir;
        this.bytesMax = bytesMax;
    }

    /// Creates the directory if it is missing.
    static MetaCacheDir open(Path dir) throws IOException {
        return open(dir, BYTES_MAX);
    }

    static MetaCacheDir open(Path dir, long bytesMax) throws IOException {
        Files.createDirectories(dir);
        MetaCacheDir cache = new MetaCacheDir(dir, bytesMax);
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(dir, "*" + TEMPORARY)) {
            for (Path leftover : leftovers) {
                Files.deleteIfExists(leftover); // at worst another process stores its entry once more
            }
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir, "*" + SUFFIX)) {
            for (Path entry : entries) {
                cache.bytes += Files.size(entry);
            }
        }
        return cache;
    }

    boolean has(BlockId id) {
        return Files.exists(fileOf(id));
    }

    /// The meta.json that was stored for this very ETag.
    Optional<byte[]> load(BlockId id, String eTag) {
        try {
            Path file = fileOf(id);
            if (Files.size(file) > HEADER_BYTES + ETAG_BYTES_MAX + 1 + MetaJson.BYTES_MAX) {
                return Optional.empty();
            }
            byte[] content = Files.readAllBytes(file);
            byte[] tag = (eTag + "\n").getBytes(StandardCharsets.UTF_8);
            byte[] head = Arrays.copyOf(content, Math.min(content.length, HEADER_BYTES));
            byte[] body = Arrays.copyOfRange(content, head.length, content.length);
            boolean sound = Arrays.equals(head, header(body)) && Arrays.mismatch(tag, body) == tag.length;
            return sound ? Optional.of(Arrays.copyOfRange(body, tag.length, body.length)) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            complain("reading", e);
            return Optional.empty();
        }
    }

    /// Replaces the entry in one step.
    void store(BlockId id, String eTag, byte[] json) {
        byte[] tag = (eTag + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] body =
                ByteBuffer.allocate(tag.length + json.length).put(tag).put(json).array();
        byte[] head = header(body);
        if (tag.length > ETAG_BYTES_MAX || eTag.contains("\n") || bytes + head.length + body.length > bytesMax) {
            return;
        }
        try {
            Path temporary = Files.createTempFile(dir, id.toString(), TEMPORARY);
            Files.write(
                    temporary,
                    ByteBuffer.allocate(head.length + body.length)
                            .put(head)
                            .put(body)
                            .array());
            Files.move(temporary, fileOf(id), StandardCopyOption.ATOMIC_MOVE); // the commit point
            bytes += head.length + body.length;
        } catch (IOException e) {
            complain("writing", e);
        }
    }

    /// Deletes the entries of all other blocks.
    void retain(Set<BlockId> ids) {
        complained = false;
        long kept = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir, "*" + SUFFIX)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                Optional<BlockId> id = BlockId.tryParse(name.substring(0, name.length() - SUFFIX.length()));
                if (id.isPresent() && !ids.contains(id.get())) {
                    Files.deleteIfExists(entry);
                } else {
                    kept += Files.size(entry);
                }
            }
            bytes = kept;
        } catch (IOException e) {
            complain("tidying", e);
        }
    }

    private static byte[] header(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        return (MAGIC + "%08x\n".formatted(crc.getValue())).getBytes(StandardCharsets.UTF_8);
    }

    private Path fileOf(BlockId id) {
        return dir.resolve(id + SUFFIX);
    }

    /// Once a cycle: a full disk would else be told ten thousand times.
    private void complain(String doing, IOException cause) {
        if (!complained) {
            LOG.warn("cache of meta.json cannot be used, asking the bucket", cause, "doing", doing, "dir", dir);
            complained = true;
        }
    }
}
