package io.edgeship.queue.transport.plain;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FileBody;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.bucket.UploadedPart;
import io.edgeship.queue.Item;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Sends one file of an item, going on where the ledger says. Used once.
final class FileUpload {
    /// A store that loses an upload this often in one go is broken; the item is tried again later.
    private static final int UPLOADS_LOST_MAX = 3;

    private final Bucket bucket;
    private final PartLedger ledger;
    private final String key;
    private final Item.DataFile file;
    private final Runnable acknowledged;
    private long bytesSent;

    FileUpload(Bucket bucket, PartLedger ledger, String key, Item.DataFile file, Runnable acknowledged) {
        this.bucket = bucket;
        this.ledger = ledger;
        this.key = key;
        this.file = file;
        this.acknowledged = acknowledged;
    }

    /// What this call put on the link so far.
    long bytesSent() {
        return bytesSent;
    }

    void send(long wantedPartBytes) throws IOException {
        if (ledger.isDone(file.relativePath())) {
            return;
        }
        boolean begun = ledger.uploadId(file.relativePath()) != null;
        if (file.sizeBytes() <= wantedPartBytes && !begun) {
            sendWhole();
            return;
        }
        for (int lost = 0; ; lost++) {
            try {
                sendParts(wantedPartBytes);
                return;
            } catch (BucketException.NoSuchUpload e) {
                if (completedBefore()) {
                    return; // the complete went through and only its reply was lost
                }
                ledger.forget(file.relativePath());
                if (lost == UPLOADS_LOST_MAX) {
                    throw e;
                }
            }
        }
    }

    private void sendWhole() throws IOException {
        FileBody body = new FileBody(file.path(), 0, file.sizeBytes());
        var digest = PartDigests.of(body);
        bytesSent += body.sizeBytes();
        String eTag = bucket.put(key, body).eTag();
        ledger.acknowledged(file.relativePath(), new SentPart(1, digest, eTag));
        ledger.done(file.relativePath(), false);
        acknowledged.run();
    }

    private void sendParts(long wantedPartBytes) throws IOException {
        String path = file.relativePath();
        Map<Integer, UploadedPart> there = resume(wantedPartBytes);
        String uploadId = String.valueOf(ledger.uploadId(path));
        PartPlan plan = new PartPlan(file.sizeBytes(), ledger.partSizeBytes(path));
        List<UploadedPart> parts = new ArrayList<>();
        for (int number = 1; number <= plan.count(); number++) {
            parts.add(part(uploadId, plan, number, there.get(number)));
        }
        bucket.completeUpload(key, uploadId, parts);
        ledger.done(path, true);
    }

    /// Returns the parts that the bucket holds of the upload under way, or begins one.
    private Map<Integer, UploadedPart> resume(long wantedPartBytes) throws IOException {
        Map<Integer, UploadedPart> there = new TreeMap<>();
        String uploadId = ledger.uploadId(file.relativePath());
        if (uploadId == null) {
            PartPlan plan = PartPlan.of(file.sizeBytes(), wantedPartBytes);
            ledger.begun(file.relativePath(), bucket.createUpload(key), plan.partSizeBytes());
            return there;
        }
        for (UploadedPart part : bucket.listParts(key, uploadId)) {
            there.put(part.partNumber(), part);
        }
        return there;
    }

    /// Sends a part unless the store's copy is known to hold the very bytes of the file: its ETag is the one
    /// that the ledger has beside the digest, or is the digest (a kill came before the ledger's record).
    private UploadedPart part(String uploadId, PartPlan plan, int number, @Nullable UploadedPart there)
            throws IOException {
        FileBody body = new FileBody(file.path(), plan.offset(number), plan.length(number));
        var digest = PartDigests.of(body);
        SentPart before = ledger.part(file.relativePath(), number);
        if (there != null && there.sizeBytes() == digest.sizeBytes()) {
            if (before != null
                    && before.digest().equals(digest)
                    && before.eTag().equals(there.eTag())) {
                return there;
            }
            if (there.eTag().equals(digest.md5Hex())) {
                return acknowledge(digest, there);
            }
        }
        bytesSent += body.sizeBytes();
        return acknowledge(digest, bucket.uploadPart(key, uploadId, number, body));
    }

    private UploadedPart acknowledge(ObjectDigest.Part digest, UploadedPart part) throws IOException {
        ledger.acknowledged(file.relativePath(), new SentPart(part.partNumber(), digest, part.eTag()));
        acknowledged.run();
        return part;
    }

    /// Whether the upload is gone because it was completed. Only an upload whose every part was acknowledged
    /// can have been; a store whose ETags say nothing of the content is then believed for the size.
    private boolean completedBefore() throws IOException {
        String path = file.relativePath();
        long known = ledger.parts(path).stream()
                .mapToLong(part -> part.digest().sizeBytes())
                .sum();
        if (known != file.sizeBytes()) {
            return false;
        }
        ledger.done(path, true);
        return switch (bucket.confirm(key, ledger.digest(path))) {
            case MATCHES, SIZE_MATCHES -> true;
            case DIFFERS, MISSING -> false; // the caller forgets it
        };
    }
}
