package io.edgeship.ship.loki;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.Segment;
import io.edgeship.queue.Segments;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The segment that takes what arrives, until it is sealed. Used by the scanning thread.
final class OpenSegment {
    private static final Log LOG = Log.of(OpenSegment.class);
    private static final int TIME_SHIFT = 16;

    private final LokiConfig config;
    private final Spool spool;
    private final InstantSource clock;
    private final TakenChunks taken;
    private final UnwholeChunks unwhole;
    private final RewrittenChunks rewritten;
    private final SegmentNumbers numbers;
    private final SecureRandom random = new SecureRandom();

    OpenSegment(
            LokiConfig config,
            Spool spool,
            InstantSource clock,
            TakenChunks taken,
            UnwholeChunks unwhole,
            RewrittenChunks rewritten,
            SegmentNumbers numbers) {
        this.config = config;
        this.spool = spool;
        this.clock = clock;
        this.taken = taken;
        this.unwhole = unwhole;
        this.rewritten = rewritten;
        this.numbers = numbers;
    }

    /// Links chunks, and seals the segment before where it would grow beyond its bound.
    ///
    /// @param links names in a segment, and the source's files
    /// @return the names that are in the segment now
    Set<String> add(Map<String, Path> links, long bytes) throws IOException {
        Optional<Incoming> open = open();
        if (open.isPresent() && !fits(open.get(), links.size(), bytes)) {
            seal(0);
            open = open();
        }
        BlockId id = open.isPresent() ? open.get().id() : begin().id();
        return spool.segments().add(id, links);
    }

    private boolean fits(Incoming open, int chunks, long bytes) throws IOException {
        int held = spool.segments().links(open.dir()).size();
        return held == 0
                || (open.sizeBytes() + bytes <= config.segmentBytesMax() && held + chunks <= Segment.CHUNKS_MAX);
    }

    private Incoming begin() throws IOException {
        BlockId id = new BlockId(clock.millis() << TIME_SHIFT | random.nextInt(1 << TIME_SHIFT), random.nextLong());
        return spool.segments().begin(id, config.path(), clock.instant());
    }

    Optional<Incoming> open() throws IOException {
        return spool.incoming().stream().findFirst();
    }

    /// Whether it has been open for long enough. A clock that leapt only makes it sooner.
    boolean isDue() throws IOException {
        Optional<Incoming> open = open();
        return open.isPresent()
                && Duration.between(open.get().takenAt(), clock.instant()).abs().compareTo(config.sealInterval()) >= 0;
    }

    /// Seals what is open, if anything is. A chunk that is no longer whole is left to be found again.
    ///
    /// @param completeThroughMillis as [Segment#completeThroughMillis]
    void seal(long completeThroughMillis) throws IOException {
        Optional<Incoming> open = open();
        if (open.isEmpty()) {
            return;
        }
        Draft draft = draft(open.get());
        spool.segments().leaveOut(open.get().id(), draft.leftOut);
        if (draft.chunks.isEmpty()) {
            return; // the next chunk comes into it
        }
        Segment segment = new Segment(
                numbers.next(),
                clock.millis(),
                completeThroughMillis,
                draft.range.orElseThrow(),
                draft.chunks,
                rewritten(draft));
        Item item = spool.segments().seal(open.get().id(), segment, draft.heads.toByteArray(), clock.instant());
        numbers.sealed(segment.sequence());
        rewritten.sealed(segment.chunks().stream().map(Segment.Chunk::link).collect(Collectors.toSet()));
        LOG.info(
                "segment sealed",
                "segment",
                item.id(),
                "sequence",
                segment.sequence(),
                "chunks",
                segment.chunks().size(),
                "bytes",
                segment.sizeBytes());
    }

    private List<Segment.Rewritten> rewritten(Draft draft) {
        List<Segment.Rewritten> all = new ArrayList<>();
        for (Segment.Chunk chunk : draft.chunks) {
            List<String> replaces = rewritten.replacedBy(chunk.link());
            if (!replaces.isEmpty()) {
                all.add(new Segment.Rewritten(chunk.path(), replaces));
            }
        }
        return all;
    }

    /// What a segment comes to.
    private static final class Draft {
        private final List<Segment.Chunk> chunks = new ArrayList<>();
        private final Set<String> paths = new HashSet<>();
        private final Set<String> leftOut = new HashSet<>();
        private final ByteArrayOutputStream heads = new ByteArrayOutputStream();
        private Optional<TimeRange> range = Optional.empty();
    }

    private Draft draft(Incoming open) throws IOException {
        Draft draft = new Draft();
        for (String name : spool.segments().links(open.dir())) {
            Optional<LokiChunkKey> key = LokiChunkKey.ofOneName(name);
            if (key.isEmpty()) {
                draft.leftOut.add(name); // a copy that a crash has cut
                continue;
            }
            try {
                take(draft, name, key.get(), Segments.link(open.dir(), name));
            } catch (CorruptFormatException | NoSuchFileException e) {
                draft.leftOut.add(name);
                noLongerWhole(key.get(), e);
            }
        }
        return draft;
    }

    private void noLongerWhole(LokiChunkKey key, IOException e) throws IOException {
        if (new ChunkTree(config.path()).find(key).isPresent()) {
            LOG.warn("chunk is no longer whole, taken again once it is", e, "chunk", key);
            taken.remove(key);
        } else {
            unwhole.record(key, "cut after it was linked, and Loki deleted it: " + e.getMessage());
        }
    }

    private void take(Draft draft, String name, LokiChunkKey key, Path link) throws IOException {
        ChunkFile.AtTheCentre chunk = ChunkFile.map(link, key, config.tenants());
        if (!draft.paths.add(chunk.path())) {
            draft.leftOut.add(name); // two tenants' same lines are one chunk of the fleet's
            return;
        }
        draft.chunks.add(new Segment.Chunk(
                chunk.path(),
                chunk.sizeBytes(),
                chunk.sha256(),
                name,
                draft.heads.size(),
                chunk.head().length,
                chunk.bodyOffset()));
        draft.heads.writeBytes(chunk.head());
        draft.range = Optional.of(
                draft.range.map(range -> ChunkIntake.span(range, key.range())).orElse(key.range()));
    }
}
