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
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Sends one file of an item in parts, going on where the ledger says. Parts may differ in size: each begins where the
/// ones before it end. Used for one attempt.
final class FileUpload {
    /// A store that loses an upload this often in one go is broken; the item is tried again later.
    private static final int UPLOADS_LOST_MAX = 3;

    private final Bucket bucket;
    private final Looks looks;
    private final PartSender sender;
    private final PartLedger ledger;
    private final String key;
    private final Item.DataFile file;

    /// The parts that are in the bucket for sure, from the first on.
    private final List<UploadedPart> parts = new ArrayList<>();

    /// What the store holds of the upload, or null before it was asked.
    private @Nullable Map<Integer, UploadedPart> held;

    private long offset;
    private boolean listed;
    private boolean refused;
    private int uploadsLost;

    FileUpload(Attempt attempt, String key, Item.DataFile file) {
        bucket = attempt.bucket();
        looks = attempt.looks();
        sender = attempt.sender();
        ledger = attempt.ledger();
        this.key = key;
        this.file = file;
    }

    String path() {
        return file.relativePath();
    }

    boolean isDone() {
        return ledger.isDone(path());
    }

    /// Whether every part is in the bucket: only [#complete] is left.
    boolean isSent() {
        return isDone() || (held != null && offset == file.sizeBytes());
    }

    /// Sends the next part that is not there, if there is one.
    void sendNext() throws IOException {
        try {
            Map<Integer, UploadedPart> there = resume();
            while (!isSent()) {
                if (next(there)) {
                    return;
                }
            }
        } catch (BucketException.NoSuchUpload e) {
            lostUpload(e);
        }
    }

    /// Makes the object of the parts. Where it turns out that the store has lost some, they are owed again: the file is
    /// neither sent nor done then.
    void complete() throws IOException {
        if (isDone()) {
            return;
        }
        try {
            String eTag = bucket.completeUpload(key, uploadId(), parts).eTag();
            ledger.doneInParts(path(), Optional.of(eTag));
        } catch (BucketException.NoSuchUpload e) {
            lostUpload(e);
        } catch (BucketException.Refused e) {
            if (refused) {
                throw e;
            }
            refused = true; // a part is gone, or a late duplicate has replaced it: ask once which one
            if (!listed) {
                ledger.forget(path());
            }
            startOver();
        }
    }

    private String uploadId() {
        return String.valueOf(ledger.uploadId(path()));
    }

    /// Returns the parts that the bucket holds of the upload under way, or begins one.
    private Map<Integer, UploadedPart> resume() throws IOException {
        if (held != null) {
            return held;
        }
        if (ledger.acknowledgedBytes(path()) > file.sizeBytes()) {
            ledger.forget(path()); // the file has become shorter
        }
        Map<Integer, UploadedPart> there = new TreeMap<>();
        if (ledger.uploadId(path()) == null) {
            ledger.begun(path(), bucket.createUpload(key), bucket.clock().now());
            listed = true;
        } else {
            for (UploadedPart part : partsHeld()) {
                there.put(part.partNumber(), part);
            }
        }
        held = there;
        return there;
    }

    /// Where the store may not be asked, a part counts if its reply proved the content.
    private List<UploadedPart> partsHeld() throws IOException {
        try {
            List<UploadedPart> there = bucket.listParts(key, uploadId());
            listed = true;
            return there;
        } catch (BucketException.AccessDenied _) {
            return ledger.parts(path()).stream()
                    .filter(part -> part.eTag().equals(part.digest().md5Hex()))
                    .map(SentPart::toUploaded)
                    .toList();
        }
    }

    /// Takes the next part as it is in the bucket, or sends it; returns whether it was sent.
    private boolean next(Map<Integer, UploadedPart> there) throws IOException {
        int number = parts.size() + 1;
        SentPart before = ledger.part(path(), number);
        UploadedPart part = there.get(number);
        if (part != null && isOurs(part, before)) {
            taken(part);
            return false;
        }
        long left = file.sizeBytes() - offset;
        long length = before == null
                ? PartPlan.next(left, parts.size(), sender.nextPartBytes())
                : Math.min(left, before.digest().sizeBytes()); // the parts after it begin where it ended
        FileBody body = new FileBody(file.path(), offset, length);
        SentPart sent = sender.send(
                body,
                number,
                () -> bucket.uploadPart(key, uploadId(), number, body).eTag());
        acknowledge(sent);
        taken(sent.toUploaded());
        return true;
    }

    /// Whether the store's copy is known to hold the very bytes of the file: its ETag is the one that the ledger has
    /// beside the digest, or is the digest (a kill came before the ledger's record).
    private boolean isOurs(UploadedPart part, @Nullable SentPart before) throws IOException {
        long wanted = before == null ? part.sizeBytes() : before.digest().sizeBytes();
        if (part.sizeBytes() != wanted || wanted < 1 || wanted > file.sizeBytes() - offset) {
            return false;
        }
        ObjectDigest.Part digest = sender.digest(new FileBody(file.path(), offset, wanted));
        if (before != null && before.digest().equals(digest) && before.eTag().equals(part.eTag())) {
            return true;
        }
        if (!part.eTag().equals(digest.md5Hex())) {
            return false;
        }
        acknowledge(new SentPart(part.partNumber(), digest, part.eTag()));
        return true;
    }

    private void acknowledge(SentPart part) throws IOException {
        ledger.acknowledged(path(), part);
        sender.acknowledged();
    }

    private void taken(UploadedPart part) {
        parts.add(part);
        offset += part.sizeBytes();
    }

    private void startOver() {
        held = null;
        listed = false;
        parts.clear();
        offset = 0;
    }

    private void lostUpload(BucketException.NoSuchUpload e) throws IOException {
        startOver();
        if (completedBefore()) {
            return; // the complete went through and only its reply was lost
        }
        ledger.forget(path());
        if (++uploadsLost > UPLOADS_LOST_MAX) {
            throw e;
        }
    }

    /// Only an upload whose every part was acknowledged can have been completed. A store whose ETags say nothing of the
    /// content is then believed for the size.
    private boolean completedBefore() throws IOException {
        boolean completed = ledger.acknowledgedBytes(path()) == file.sizeBytes()
                && looks.confirm(key, ledger.digest(path())).isThere();
        if (completed) {
            ledger.doneInParts(path(), Optional.empty());
        }
        return completed;
    }
}
