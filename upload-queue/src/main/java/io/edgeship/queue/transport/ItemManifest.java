package io.edgeship.queue.transport;

import com.google.protobuf.ByteString;
import io.edgeship.block.message.v1.LogSegment;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.bucket.BucketException;
import io.edgeship.queue.Item;
import io.edgeship.queue.Segment;
import io.edgeship.queue.Segments;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;

/// What a manifest says of an item's kind. Stateless.
public final class ItemManifest {
    private ItemManifest() {}

    /// Fills in the kind, and of log chunks what the segment is.
    ///
    /// @param manifest names the files as they were read to be sent
    /// @throws BucketException.BodyUnreadable if these are not the bytes that were sealed
    public static void describe(Manifest.Builder manifest, Item item) throws IOException {
        switch (item.kind()) {
            case BLOCK -> manifest.setKind(Manifest.Kind.KIND_BLOCK);
            case LOGS -> {
                Segment segment = Segments.of(item);
                requireSealed(manifest.getFilesList(), segment, item);
                manifest.setKind(Manifest.Kind.KIND_LOGS).setLogSegment(message(segment));
            }
        }
    }

    private static void requireSealed(List<Manifest.File> read, Segment segment, Item item)
            throws BucketException.BodyUnreadable {
        List<Manifest.File> sealed = files(segment);
        if (!read.equals(sealed)) {
            throw new BucketException.BodyUnreadable(
                    "sending %s: the bytes of its chunks are others than were sealed".formatted(item.id()), null);
        }
    }

    /// The chunks of a segment as a manifest names them.
    public static List<Manifest.File> files(Segment segment) {
        return segment.chunks().stream()
                .map(chunk -> Manifest.File.newBuilder()
                        .setPath(chunk.path())
                        .setSizeBytes(chunk.sizeBytes())
                        .setSha256(ByteString.copyFrom(HexFormat.of().parseHex(chunk.sha256())))
                        .build())
                .toList();
    }

    private static LogSegment message(Segment segment) {
        return LogSegment.newBuilder()
                .setSequence(segment.sequence())
                .setSealedAtMs(segment.sealedAtMillis())
                .setCompleteThroughMs(segment.completeThroughMillis())
                .addAllRewritten(segment.rewritten().stream()
                        .map(one -> LogSegment.Rewritten.newBuilder()
                                .setPath(one.path())
                                .addAllReplaces(one.replaces())
                                .build())
                        .toList())
                .build();
    }
}
