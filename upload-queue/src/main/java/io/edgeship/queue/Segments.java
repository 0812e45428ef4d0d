package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The items of log chunks in a spool. One in `incoming/` takes links to what a Loki has finished, until it is sealed;
/// then it goes the way of every item. What is in an open one are its links and nothing else, so that a crash at any
/// moment leaves as many chunks as were linked.
///
/// Each method is durable when it returns. Thread-safe: the methods take turns with the spool's.
public final class Segments {
    private final Spool spool;
    private final SpoolLayout layout;
    private final Disk disk;
    private final DurableFiles files;
    private final Links links;
    private final Items items;

    Segments(Spool spool, SpoolLayout layout, Disk disk, Items items) {
        this.spool = spool;
        this.layout = layout;
        this.disk = disk;
        this.items = items;
        files = new DurableFiles(disk);
        links = new Links(disk);
    }

    /// Begins a segment.
    ///
    /// @param source the directory that its chunks are taken from
    public Incoming begin(BlockId id, Path source, Instant now) throws IOException {
        synchronized (spool) {
            Path destination = layout.item(Place.INCOMING, id);
            Path tmp = destination.resolveSibling(id + DurableFiles.TMP);
            if (Files.exists(tmp)) {
                files.deleteTree(tmp); // what a failed try could not clean up
            }
            ItemRecord record =
                    new ItemRecord(ItemKind.LOGS, id, source.toString(), now, 0, 0, List.of(), Optional.empty());
            disk.createDirectory(tmp);
            disk.createDirectory(tmp.resolve(SegmentFiles.LINKS));
            disk.write(tmp.resolve(ItemRecord.FILE), record.toJson());
            disk.forceDirectory(tmp);
            files.move(tmp, destination); // commit point: there is an open segment
            items.put(Place.INCOMING, record);
            return record.incoming(destination);
        }
    }

    /// Links chunks into an open segment, or copies them where links are not possible.
    ///
    /// @param chunks the names that they get, and where they are; what is there by that name already stays
    /// @return the names that the segment holds now; the others' files were gone
    public Set<String> add(BlockId id, Map<String, Path> chunks) throws IOException {
        synchronized (spool) {
            Path dir = layout.item(Place.INCOMING, id);
            ItemRecord record = items.read(Place.INCOMING, id);
            long bytes = record.sizeBytes();
            long copied = record.copiedBytes();
            Set<String> held = new HashSet<>();
            for (Map.Entry<String, Path> chunk : chunks.entrySet()) {
                Path link = SegmentFiles.link(dir, chunk.getKey());
                try {
                    if (!Files.exists(link)) {
                        copied += whole(dir, chunk.getValue(), link);
                        bytes += Files.size(link);
                    }
                    held.add(chunk.getKey());
                } catch (NoSuchFileException e) {
                    if (!Files.isDirectory(dir)) {
                        throw e;
                    }
                }
            }
            disk.forceDirectory(dir.resolve(SegmentFiles.LINKS)); // commit point: the names are there to stay
            items.put(Place.INCOMING, record.sized(bytes, copied));
            return held;
        }
    }

    /// A copy gets its name once it is whole: who finds the name counts on the bytes.
    private long whole(Path dir, Path source, Path link) throws IOException {
        Path tmp = dir.resolve(link.getFileName() + DurableFiles.TMP);
        disk.delete(tmp); // what a failed try left
        long copied = links.linkOrCopy(source, tmp);
        disk.move(tmp, link);
        return copied;
    }

    /// The names of the chunks in an item that is not shipped, in order.
    public List<String> links(Path item) throws IOException {
        return SegmentFiles.links(item);
    }

    /// Where a chunk of an item lies.
    public static Path link(Path item, String name) {
        return SegmentFiles.link(item, name);
    }

    /// Lets go of chunks in an open segment.
    public void leaveOut(BlockId id, Set<String> names) throws IOException {
        synchronized (spool) {
            Path dir = layout.item(Place.INCOMING, id);
            delete(dir, names);
            ItemRecord record = items.read(Place.INCOMING, id);
            items.put(Place.INCOMING, record.sized(SegmentFiles.linkedBytes(dir), record.copiedBytes()));
        }
    }

    private void delete(Path item, Set<String> names) throws IOException {
        for (String name : names) {
            disk.delete(SegmentFiles.link(item, name));
        }
        if (!names.isEmpty()) {
            disk.forceDirectory(item.resolve(SegmentFiles.LINKS));
        }
    }

    /// Seals an open segment: from now on it is ready to be shipped.
    ///
    /// @param segment names every link of it
    /// @param heads   the chunks' heads, one after the other
    public Item seal(BlockId id, Segment segment, byte[] heads, Instant now) throws IOException {
        synchronized (spool) {
            Path incoming = layout.item(Place.INCOMING, id);
            Path ready = layout.item(Place.READY, id);
            ItemRecord record = items.read(Place.INCOMING, id);
            requireAll(incoming, segment);
            ItemRecord sealed =
                    record.sized(segment.sizeBytes(), record.copiedBytes()).sealed(segment.range(), now);
            files.replace(incoming, SegmentFiles.HEADS, heads);
            files.replace(incoming, SegmentFiles.LIST, SegmentFiles.toBytes(segment));
            files.replace(incoming, ItemRecord.FILE, sealed.toJson());
            files.move(incoming, ready); // commit point: sealed; before it, sealing starts over
            items.forget(Place.INCOMING, id);
            items.put(Place.READY, sealed);
            return sealed.item(ready);
        }
    }

    private static void requireAll(Path item, Segment segment) throws IOException {
        List<String> named = new ArrayList<>(
                segment.chunks().stream().map(Segment.Chunk::link).sorted().toList());
        List<String> there = SegmentFiles.links(item);
        if (!named.equals(there.stream().sorted().toList())) {
            throw new IllegalArgumentException(
                    "%s holds %d chunks, the segment names %d".formatted(item, there.size(), named.size()));
        }
    }

    /// What a sealed item holds.
    ///
    /// @throws io.edgeship.block.encoding.CorruptFormatException if its list is damaged
    public static Segment of(Item item) throws IOException {
        return SegmentFiles.read(item.dir());
    }

    /// Takes chunks out of a ready item, of which others stay.
    ///
    /// @param names links of the segment
    public Item without(Item item, Set<String> names) throws IOException {
        synchronized (spool) {
            Segment left = SegmentFiles.read(item.dir()).without(names);
            ItemRecord record = items.read(Place.READY, item.id());
            ItemRecord smaller = record.sized(left.sizeBytes(), record.copiedBytes());
            files.replace(item.dir(), SegmentFiles.LIST, SegmentFiles.toBytes(left)); // commit point: they are out
            files.replace(item.dir(), ItemRecord.FILE, smaller.toJson());
            delete(item.dir(), names);
            items.put(Place.READY, smaller);
            return smaller.item(item.dir());
        }
    }

    /// Puts the source's file in the place of a link whose bytes are no longer whole.
    ///
    /// @throws NoSuchFileException if the source has deleted it; the link is as it was
    public void takeAgain(Item item, String name, Path source) throws IOException {
        synchronized (spool) {
            Path link = SegmentFiles.link(item.dir(), name);
            Path tmp = item.dir().resolve(name + DurableFiles.TMP);
            disk.delete(tmp);
            links.linkOrCopy(source, tmp);
            files.move(tmp, link); // commit point
            disk.delete(tmp); // which stays where both are names of one file
        }
    }
}
