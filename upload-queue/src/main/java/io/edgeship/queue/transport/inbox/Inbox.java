package io.edgeship.queue.transport.inbox;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.queue.Item;
import io.edgeship.queue.transport.ItemManifest;
import java.io.IOException;
import java.time.Instant;

/// What a spool may put into the bucket, by name: pieces and manifests below its own prefix, nothing else (I8).
record Inbox(Bucket bucket, String site, String incarnation, String agentVersion) {

    ObjectInfo putPiece(BlockId id, PieceName piece, Body body) throws BucketException {
        return bucket.put(BucketLayout.itemPrefix(site, incarnation, id) + piece, body);
    }

    /// The commit point of a delivery. Returns how many bytes the manifest has.
    ///
    /// @param state the pieces, which attempt this is, and since when
    /// @throws IOException if the files are not what was sealed
    long putManifest(Item item, Description description, LedgerState state) throws IOException {
        BlockId id = item.id();
        Manifest.Builder manifest = Manifest.newBuilder()
                .setVersion(TransportMessages.VERSION)
                .setSite(site)
                .setIncarnation(incarnation)
                .setUlid(id.toString())
                .setCodec(description.codec())
                .addAllFiles(description.files())
                .setMetaJson(description.metaJson())
                .setAttempt(state.attempt())
                .setAgentVersion(agentVersion)
                .setSentAtMs(state.sentAtMs().orElseThrow());
        for (PieceName piece : state.confirmed().inOrder()) {
            manifest.addPieceLengths(piece.length()).addPieceCrc32C(piece.crc32c());
        }
        ItemManifest.describe(manifest, item);
        Body body = Body.of(manifest.build().toByteArray());
        bucket.put(BucketLayout.manifestKey(site, incarnation, id), body);
        return body.sizeBytes();
    }

    /// The store's time. After a restart no reply may have told it yet: then one is asked for.
    Instant now(BlockId id) throws BucketException {
        if (bucket.clock().now().isEmpty()) {
            new Receipts(bucket, site, incarnation).read(id);
        }
        return bucket.clock()
                .now()
                .orElseThrow(() -> new BucketException.Unavailable(
                        "sending the manifest of " + id + ": the store has not told the time yet", null));
    }
}
