package io.edgeship.queue;

import io.edgeship.block.TimeRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What a sealed segment holds: log chunks as they are shipped, each a head of ours before the body that the source
/// wrote. Some 400 bytes a chunk in memory.
///
/// @param sequence              1 and one more each, in an incarnation
/// @param sealedAtMillis        by the site's clock
/// @param completeThroughMillis live lines up to here are in this segment or one before it; 0 where that is not known
/// @param range                 from the first line to just past the last
/// @param chunks                1 or more, by path
/// @param rewritten             of these, those that stand for others
public record Segment(
        long sequence,
        long sealedAtMillis,
        long completeThroughMillis,
        TimeRange range,
        List<Chunk> chunks,
        List<Rewritten> rewritten) {
    /// The manifest names so many files; far below what the centre takes.
    public static final int CHUNKS_MAX = 4000;

    public Segment {
        chunks = chunks.stream().sorted(Comparator.comparing(Chunk::path)).toList();
        if (chunks.isEmpty() || chunks.size() > CHUNKS_MAX) {
            throw new IllegalArgumentException("segment of %d chunks".formatted(chunks.size()));
        }
        rewritten =
                rewritten.stream().sorted(Comparator.comparing(Rewritten::path)).toList();
    }

    /// A chunk that stands for ones that were taken before, less what a delete request took out.
    ///
    /// @param replaces their paths
    public record Rewritten(String path, List<String> replaces) {
        public Rewritten {
            replaces = List.copyOf(replaces);
        }
    }

    /// A chunk as it is shipped.
    ///
    /// @param path       its key in the central Loki's bucket: `<tenant>/<fp>/<from>:<through>:<crc>`
    /// @param sizeBytes  head and body
    /// @param sha256     of both, in hexadecimal digits
    /// @param link       the name under `logs/` of what the source wrote
    /// @param headOffset where its head begins in `heads`
    /// @param headBytes  0 where the chunk is shipped as it is
    /// @param bodyOffset where the body begins in the link
    public record Chunk(
            String path, long sizeBytes, String sha256, String link, long headOffset, int headBytes, int bodyOffset) {
        public Chunk {
            boolean whole = headBytes >= 0 && headOffset >= 0 && bodyOffset >= 0 && sizeBytes > headBytes;
            if (!whole || link.isEmpty() || link.indexOf('/') >= 0 || path.isEmpty()) {
                throw new IllegalArgumentException(
                        "%s: %d bytes, %d of them a head".formatted(path, sizeBytes, headBytes));
            }
        }
    }

    /// Of all chunks as they are shipped.
    public long sizeBytes() {
        return chunks.stream().mapToLong(Chunk::sizeBytes).sum();
    }

    /// The chunks as files of the item, in the order of the stream.
    ///
    /// @param item its directory
    public List<Item.DataFile> files(Path item) {
        return chunks.stream()
                .map(chunk -> new Item.DataFile(chunk.path(), SegmentFiles.link(item, chunk.link()), chunk.sizeBytes()))
                .toList();
    }

    /// What is read one after the other to send these files.
    ///
    /// @param item its directory
    public List<Item.DataFile> parts(Path item) {
        List<Item.DataFile> parts = new ArrayList<>();
        chunks.forEach(chunk -> parts.addAll(parts(item, chunk)));
        return parts;
    }

    /// The one or two runs of bytes that a chunk comes from.
    public static List<Item.DataFile> parts(Path item, Chunk chunk) {
        List<Item.DataFile> parts = new ArrayList<>();
        if (chunk.headBytes() > 0) {
            Path heads = item.resolve(SegmentFiles.HEADS);
            parts.add(new Item.DataFile(chunk.path(), heads, chunk.headOffset(), chunk.headBytes()));
        }
        Path link = SegmentFiles.link(item, chunk.link());
        parts.add(new Item.DataFile(chunk.path(), link, chunk.bodyOffset(), chunk.sizeBytes() - chunk.headBytes()));
        return parts;
    }

    /// The same without some chunks; one at least stays.
    Segment without(Set<String> links) {
        List<Chunk> left =
                chunks.stream().filter(chunk -> !links.contains(chunk.link())).toList();
        Set<String> paths = left.stream().map(Chunk::path).collect(Collectors.toSet());
        List<Rewritten> stillThere =
                rewritten.stream().filter(one -> paths.contains(one.path())).toList();
        return new Segment(sequence, sealedAtMillis, 0, range, left, stillThere);
    }
}
