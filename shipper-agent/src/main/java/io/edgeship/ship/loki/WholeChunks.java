package io.edgeship.ship.loki;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.bucket.BucketException;
import io.edgeship.queue.Item;
import io.edgeship.queue.Segment;
import io.edgeship.queue.Segments;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.Losses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sees to it that what is sent of a segment is what was linked: Loki may cut a file that is linked here and write it
/// once more. A chunk that is no longer whole is linked again from the chunk root; where it is not whole there either,
/// it leaves the segment and waits to become whole. Used by the shipping thread.
final class WholeChunks {
    private static final Log LOG = Log.of(WholeChunks.class);

    private final ChunkTree tree;
    private final Spool spool;
    private final Losses losses;
    private final ReturnedChunks returned;
    private Optional<BlockId> current = Optional.empty();

    /// Files of the current item that were whole when they were as this says.
    private final Map<String, Stamp> whole = new HashMap<>();

    /// What changes when somebody writes to a file or puts another one in its place.
    private record Stamp(
            long sizeBytes, FileTime modified, @Nullable Object inode) {
        static Stamp of(Path file) throws IOException {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(now.size(), now.lastModifiedTime(), now.fileKey());
        }
    }

    WholeChunks(ChunkTree tree, Spool spool, Losses losses) {
        this.tree = tree;
        this.spool = spool;
        this.losses = losses;
        returned = new ReturnedChunks(spool);
    }

    /// Reads every chunk of the item that has changed since it was read last.
    ///
    /// @return the item, smaller where chunks had to leave it
    /// @throws BucketException.BodyUnreadable if none of it is whole
    Item mend(Item item) throws IOException {
        if (!current.equals(Optional.of(item.id()))) {
            whole.clear();
            current = Optional.of(item.id());
        }
        Segment segment = segment(item);
        Map<String, LokiChunkKey> torn = new HashMap<>();
        for (Segment.Chunk chunk : segment.chunks()) {
            Optional<LokiChunkKey> key = LokiChunkKey.ofOneName(chunk.link());
            if (key.isEmpty()) {
                throw unreadable(item, chunk.link() + " is no chunk's name");
            }
            if (!isWhole(item, chunk.link(), key.get()) && !takenAgain(item, chunk.link(), key.get())) {
                torn.put(chunk.link(), key.get());
            }
        }
        if (torn.isEmpty()) {
            return item;
        }
        if (torn.size() == segment.chunks().size()) {
            throw unreadable(item, "none of its chunks is whole");
        }
        return without(item, torn);
    }

    /// Has all of the item read again.
    void distrust() {
        whole.clear();
    }

    private static Segment segment(Item item) throws IOException {
        try {
            return Segments.of(item);
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            throw unreadable(item, String.valueOf(e.getMessage()));
        }
    }

    private static BucketException.BodyUnreadable unreadable(Item item, String why) {
        return new BucketException.BodyUnreadable("reading %s to send it: %s".formatted(item.id(), why), null);
    }

    private boolean isWhole(Item item, String link, LokiChunkKey key) throws IOException {
        Path file = Segments.link(item.dir(), link);
        try {
            Stamp stamp = Stamp.of(file); // before the bytes are read: a change meanwhile is seen the next time
            if (!stamp.equals(whole.get(link))) {
                ChunkFile.check(file, key);
                whole.put(link, stamp);
            }
            return true;
        } catch (CorruptFormatException | NoSuchFileException e) {
            if (!Files.isDirectory(item.dir())) {
                throw new NoSuchFileException(item.dir().toString()); // the item was taken away
            }
            LOG.warn("chunk is no longer whole", e, "segment", item.id(), "chunk", key);
            return false;
        }
    }

    /// From the chunk root, where it may be another file by now.
    private boolean takenAgain(Item item, String link, LokiChunkKey key) throws IOException {
        Optional<Path> source = tree.find(key);
        if (source.isEmpty()) {
            return false;
        }
        try {
            ChunkFile.check(source.get(), key);
            spool.segments().takeAgain(item, link, source.get());
            return isWhole(item, link, key);
        } catch (CorruptFormatException | NoSuchFileException e) {
            return false;
        }
    }

    private Item without(Item item, Map<String, LokiChunkKey> torn) throws IOException {
        List<LokiChunkKey> again = new ArrayList<>();
        for (LokiChunkKey key : torn.values()) {
            if (tree.find(key).isPresent()) {
                again.add(key);
            } else {
                String detail = "cut in the spool after it was sealed, and Loki deleted it";
                LOG.error("chunk is lost", "chunk", key, "segment", item.id(), "why", detail);
                spool.recordLoss(
                        losses.ofLines(ChunkHashes.lossId(key), key.range(), Loss.Reason.REASON_CORRUPT, detail));
            }
        }
        returned.add(again); // before they leave: else nobody would look for them
        Set<String> links = new HashSet<>(torn.keySet());
        LOG.warn("chunks leave their segment, for they are not whole", "segment", item.id(), "chunks", links.size());
        return spool.segments().without(item, links);
    }
}
