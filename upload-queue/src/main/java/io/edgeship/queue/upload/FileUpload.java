package io.edgeship.queue.upload;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.FileBody;
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
        if (file.sizeBytes() <= wantedPartBytes) {
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
        ledger.forget(file.relativePath()); // parts of an upload begun under another part size
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

    private UploadedPart part(String uploadId, PartPlan plan, int number, @Nullable UploadedPart there)
            throws IOException {
        SentPart before = ledger.part(file.relativePath(), number);
        if (there != null && before != null && before.toUploaded().equals(there)) {
            return there;
        }
        FileBody body = new FileBody(file.path(), plan.offset(number), plan.length(number));
        var digest = PartDigests.of(body);
        bytesSent += body.sizeBytes();
        UploadedPart sent = bucket.uploadPart(key, uploadId, number, body);
        ledger.acknowledged(file.relativePath(), new SentPart(number, digest, sent.eTag()));
        acknowledged.run();
        return sent;
    }

    private boolean completedBefore() throws IOException {
        String path = file.relativePath();
        long known = ledger.parts(path).stream()
                .mapToLong(part -> part.digest().sizeBytes())
                .sum();
        if (known != file.sizeBytes()) {
            return false;
        }
        ledger.done(path, true);
        if (bucket.confirm(key, ledger.digest(path)) == Confirmation.MATCHES) {
            return true;
        }
        ledger.forget(path);
        return false;
    }
}
