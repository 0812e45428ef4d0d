package io.edgeship.compact.logs;

import static io.edgeship.compact.intake.RejectedException.require;

import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.message.v1.LogSegment;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.compact.intake.InboxItem;
import io.edgeship.compact.intake.PieceCut;
import io.edgeship.compact.intake.PlannedFile;
import io.edgeship.compact.intake.RejectedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A segment's manifest that keeps every rule that can be checked without reading a chunk. Immutable.
///
/// @param chunks in the order of the stream
/// @param cut    of the stream; null where the chunks lie in their places already
record SegmentPlan(List<PlannedChunk> chunks, @Nullable PieceCut cut, LogSegment segment) {
    /// A chunk that is to come, or to be there.
    record PlannedChunk(PlannedFile file, LokiChunkKey key) {}

    SegmentPlan {
        chunks = List.copyOf(chunks);
    }

    static SegmentPlan of(InboxItem item, Manifest manifest, TenantRules tenants, long maxItemBytes)
            throws RejectedException {
        item.requireOwn(manifest);
        require(manifest.getKind() == Manifest.Kind.KIND_LOGS, "manifest.kind", "is not set");
        boolean inPlace = manifest.getCodec() == Manifest.Codec.CODEC_IN_PLACE;
        require(inPlace || manifest.getCodec() == Manifest.Codec.CODEC_PLAIN, "manifest.codec", "is not set");
        require(manifest.hasLogSegment(), "manifest.log_segment", "is not there");
        LogSegment segment = manifest.getLogSegment();
        require(segment.getSequence() >= 1, "manifest.log_segment", "has sequence number 0, or none that is one");
        List<PlannedChunk> chunks = chunks(manifest, tenants, maxItemBytes);
        if (inPlace) {
            require(manifest.getPieceLengthsCount() == 0, "pieces.counts", "there are pieces, and no stream");
            return new SegmentPlan(chunks, null, segment);
        }
        PieceCut cut = PieceCut.of(manifest);
        long total = chunks.getLast().file().end();
        require(cut.streamBytes() == total, "pieces.sum", "pieces have %d bytes, files %d", cut.streamBytes(), total);
        return new SegmentPlan(chunks, cut, segment);
    }

    private static List<PlannedChunk> chunks(Manifest manifest, TenantRules tenants, long maxItemBytes)
            throws RejectedException {
        require(manifest.getFilesCount() >= 1, "files.count", "is 0");
        Set<String> seen = new HashSet<>();
        List<PlannedFile> files = PlannedFile.of(manifest, maxItemBytes, (_, path) -> {
            require(LokiChunkKey.tryParse(path).isPresent(), "files.path", "'%s' is no chunk's key", path);
            require(seen.add(path), "files.path", "'%s' is there twice", path);
        });
        List<PlannedChunk> chunks = new ArrayList<>();
        for (PlannedFile file : files) {
            long size = file.sizeBytes();
            require(
                    size >= 1 && size <= LokiChunkReader.CHUNK_BYTES_MAX,
                    "files.size",
                    "of %s is %d, limit %d",
                    file.path(),
                    size,
                    LokiChunkReader.CHUNK_BYTES_MAX);
            LokiChunkKey key = LokiChunkKey.tryParse(file.path()).orElseThrow();
            tenants.check(key.tenant());
            chunks.add(new PlannedChunk(file, key));
        }
        return chunks;
    }

    /// Why the central Loki could not read one of the chunks; empty if it can read all.
    Optional<String> obstacle(CentralLoki loki) {
        for (PlannedChunk chunk : chunks) {
            Optional<String> obstacle = loki.obstacle(chunk.key().name());
            if (obstacle.isPresent()) {
                return Optional.of(chunk.key() + ": " + obstacle.get());
            }
        }
        return Optional.empty();
    }
}
