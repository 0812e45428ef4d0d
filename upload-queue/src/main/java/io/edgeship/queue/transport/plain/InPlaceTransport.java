package io.edgeship.queue.transport.plain;

import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.queue.Item;
import io.edgeship.queue.Segment;
import io.edgeship.queue.Segments;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.ItemManifest;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.queue.transport.Transport;
import io.edgeship.queue.transport.UploadProgress;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Puts the chunks of a segment where a central Loki reads them, then the manifest from which the centre builds the
/// index (I1). A chunk's key holds the checksum of its bytes, so that sending it once more writes the same object. Safe
/// to repeat after a crash at any moment. Used by one thread; [#restriction] may be called by any.
public final class InPlaceTransport implements Transport {
    private final Bucket bucket;
    private final String site;
    private final String incarnation;
    private final String agentVersion;
    private final PieceSizing sizing;
    private final UploadProgress progress;
    private final Disk disk;
    private final Looks looks;

    /// @param incarnation of the spool that the items lie in
    /// @param sizing      learns from what is sent
    public InPlaceTransport(
            Bucket bucket,
            String site,
            String incarnation,
            String agentVersion,
            PieceSizing sizing,
            UploadProgress progress) {
        this(bucket, site, incarnation, agentVersion, sizing, progress, Disk.system());
    }

    /// @param disk that the ledgers lie on
    public InPlaceTransport(
            Bucket bucket,
            String site,
            String incarnation,
            String agentVersion,
            PieceSizing sizing,
            UploadProgress progress,
            Disk disk) {
        this.bucket = bucket;
        this.site = site;
        this.incarnation = incarnation;
        this.agentVersion = agentVersion;
        this.sizing = sizing;
        this.progress = progress;
        this.disk = disk;
        this.looks = new Looks(bucket);
    }

    /// What the bucket confirmed of an item so far, by what is kept beside it. May be called by any thread and beside
    /// the item's owner.
    public static long confirmedBytes(Item item) throws IOException {
        return InPlaceLedger.look(item.dir()).bytes();
    }

    @Override
    public Optional<String> restriction() {
        return looks.restriction();
    }

    @Override
    public Outcome ship(Item item) throws IOException {
        Segment segment = Segments.of(item);
        long bytesSent = 0;
        try (InPlaceLedger ledger = InPlaceLedger.open(item.dir(), disk)) {
            for (Segment.Chunk chunk : segment.chunks()) {
                if (!ledger.holds(chunk.path())) {
                    put(chunk.path(), new ChunkBody(Segment.parts(item.dir(), chunk)), Optional.of(chunk));
                    bytesSent += chunk.sizeBytes();
                    ledger.confirmed(chunk.path(), chunk.sizeBytes());
                    progress.confirmed(item.id(), ledger.bytes(), segment.sizeBytes());
                }
            }
            ledger.flush();
        }
        Body manifest = Body.of(manifest(item, segment));
        // Commit point: from here on the centre may build the index.
        put(BucketLayout.manifestKey(site, incarnation, item.id()), manifest, Optional.empty());
        return new Outcome.Shipped(bytesSent + manifest.sizeBytes());
    }

    /// Returns once the bucket is known to hold it.
    ///
    /// @param chunk whose bytes these are
    private void put(String key, Body body, Optional<Segment.Chunk> chunk) throws IOException {
        ObjectDigest.Part sent = read(key, body);
        if (chunk.isPresent() && !key.endsWith(":%x".formatted(sent.crc32c()))) {
            throw new BucketException.BodyUnreadable(
                    "sending %s: its bytes have the checksum %08x".formatted(key, sent.crc32c()), null);
        }
        String reply =
                sizing.send(body.sizeBytes(), () -> bucket.put(key, body)).eTag();
        if (reply.equals(sent.md5Hex())) {
            return;
        }
        ObjectDigest digest = new ObjectDigest(List.of(sent), false);
        Looks.Check check = looks.confirm(key, digest);
        boolean there = switch (check) {
            case Looks.Check.Compared _ -> check.isThere();
            case Looks.Check.Hidden(var why) -> Looks.proves(reply, digest, key, why);
            case Looks.Check.Denied(var why) -> Looks.proves(reply, digest, key, why);
        };
        if (!there) {
            throw new BucketException.Unavailable("confirming " + key + ": it is not what was stored", null);
        }
    }

    /// A disk that fails is this item's misfortune and no other's (I5).
    private static ObjectDigest.Part read(String key, Body body) throws IOException {
        try {
            return PartDigests.of(body);
        } catch (NoSuchFileException e) {
            throw e; // the item was taken away
        } catch (IOException e) {
            throw new BucketException.BodyUnreadable("reading %s to send it: %s".formatted(key, e.getMessage()), e);
        }
    }

    private byte[] manifest(Item item, Segment segment) throws IOException {
        Instant now = bucket.clock()
                .now()
                .orElseThrow(() -> new BucketException.Unavailable(
                        "sending the manifest of " + item.id() + ": the store has not told the time yet", null));
        Manifest.Builder manifest = Manifest.newBuilder()
                .setVersion(TransportMessages.VERSION)
                .setSite(site)
                .setIncarnation(incarnation)
                .setUlid(item.id().toString())
                .setCodec(Manifest.Codec.CODEC_IN_PLACE)
                .addAllFiles(ItemManifest.files(segment))
                .setAttempt(1)
                .setAgentVersion(agentVersion)
                .setSentAtMs(now.toEpochMilli());
        ItemManifest.describe(manifest, item);
        return manifest.build().toByteArray();
    }
}
