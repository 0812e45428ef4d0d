package io.edgeship.queue.transport.plain;

import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FileBody;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.queue.Item;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Sends an item's files, all but `meta.json`. Most of the time goes by while parts are sent, and they are not seen by
/// anybody: only when all parts of all files are there, the objects appear one right after the other. Used for one
/// attempt.
final class BlockUpload {
    /// How often a file that the bucket lost or holds wrongly is sent again within one attempt.
    static final int REPAIRS_MAX = 2;

    private final Attempt attempt;
    private final PartLedger ledger;
    private final Item item;
    private final List<Item.DataFile> files;
    private final Duration multipartMaxAge;

    BlockUpload(Attempt attempt, Item item, Duration multipartMaxAge) throws IOException {
        this.attempt = attempt;
        this.ledger = attempt.ledger();
        this.item = item;
        this.files = item.dataFiles();
        this.multipartMaxAge = multipartMaxAge;
    }

    /// Sends what is not there yet and returns once every file is there as it should be.
    void send() throws IOException {
        for (int repair = 0; repair <= REPAIRS_MAX; repair++) {
            sendUnseen(files);
            if (allConfirmed(files, repair)) {
                return;
            }
        }
        throw losing();
    }

    /// As [#send], where `meta.json` is there already: a file that is there is compared before it is sent again.
    void mend() throws IOException {
        for (int repair = 0; repair <= REPAIRS_MAX; repair++) {
            List<Item.DataFile> owed = new ArrayList<>();
            for (Item.DataFile file : files) {
                if (ledger.isDone(file.relativePath()) || !holdsBytesOf(file)) {
                    owed.add(file);
                }
            }
            sendUnseen(owed);
            if (allConfirmed(owed, repair)) {
                return;
            }
        }
        throw losing();
    }

    private BucketException losing() {
        return new BucketException.Unavailable(
                "confirming the files of " + item.id() + ": the bucket loses or changes what it was sent", null);
    }

    private void sendUnseen(List<Item.DataFile> owed) throws IOException {
        List<Item.DataFile> whole = new ArrayList<>();
        List<FileUpload> uploads = new ArrayList<>();
        for (Item.DataFile file : owed) {
            boolean begun = ledger.uploadId(file.relativePath()) != null;
            if (begun || file.sizeBytes() > attempt.sender().nextPartBytes()) {
                uploads.add(new FileUpload(attempt, keyOf(file), file));
            } else {
                whole.add(file);
            }
        }
        sendParts(uploads);
        for (Item.DataFile file : whole) { // from here on readers may see a block without meta.json
            sendWhole(file);
        }
        while (!completed(uploads)) { // the store lost parts or uploads: they are owed again
            sendParts(uploads);
        }
    }

    private static boolean completed(List<FileUpload> uploads) throws IOException {
        for (FileUpload upload : uploads) {
            upload.complete();
            if (!upload.isDone()) {
                return false;
            }
        }
        return true;
    }

    /// In order, unless an upload has become so old that the store may drop it: that one is finished first.
    private void sendParts(List<FileUpload> uploads) throws IOException {
        while (true) {
            Optional<FileUpload> overdue = overdue(uploads);
            Optional<FileUpload> next = overdue.isPresent()
                    ? overdue
                    : uploads.stream().filter(upload -> !upload.isSent()).findFirst();
            if (next.isEmpty()) {
                return;
            }
            if (overdue.isPresent() && next.get().isSent()) {
                next.get().complete();
            } else {
                next.get().sendNext();
            }
        }
    }

    /// The oldest open upload, if it is too old. One whose age is not known counts as young.
    private Optional<FileUpload> overdue(List<FileUpload> uploads) {
        Optional<Instant> now = attempt.bucket().clock().now();
        if (now.isEmpty()) {
            return Optional.empty();
        }
        Instant limit = now.get().minus(multipartMaxAge);
        return uploads.stream()
                .filter(upload -> ledger.uploadId(upload.path()) != null)
                .filter(upload -> begunAt(upload).isBefore(limit))
                .min(Comparator.comparing(this::begunAt));
    }

    private Instant begunAt(FileUpload upload) {
        return ledger.begunAt(upload.path()).orElse(Instant.MAX);
    }

    private void sendWhole(Item.DataFile file) throws IOException {
        String path = file.relativePath();
        if (ledger.isDone(path)) {
            return;
        }
        FileBody body = new FileBody(file.path(), 0, file.sizeBytes());
        SentPart sent = attempt.sender()
                .send(body, 1, () -> attempt.bucket().put(keyOf(file), body).eTag());
        ledger.acknowledged(path, sent);
        ledger.doneWhole(path);
        attempt.sender().acknowledged();
    }

    /// Reads an object back, which somebody may have sent in parts that we do not know.
    private boolean holdsBytesOf(Item.DataFile file) throws IOException {
        String key = keyOf(file);
        if (!(attempt.looks().at(key) instanceof Looks.Look.Present(var there))
                || there.sizeBytes() != file.sizeBytes()) {
            return false;
        }
        ObjectDigest.Part ours = attempt.sender().digest(new FileBody(file.path(), 0, file.sizeBytes()));
        if (there.eTag().equals(ours.md5Hex())) {
            return true;
        }
        try (InputStream theirs = attempt.bucket().get(key)) {
            return PartDigests.of(theirs).equals(ours);
        }
    }

    /// Compares every object with what was sent; what differs is forgotten, to be sent again.
    private boolean allConfirmed(List<Item.DataFile> owed, int repair) throws IOException {
        boolean all = true;
        for (Item.DataFile file : owed) {
            if (!isConfirmed(file, repair)) {
                ledger.forget(file.relativePath());
                attempt.sender().distrust(file.path());
                all = false;
            }
        }
        return all;
    }

    private boolean isConfirmed(Item.DataFile file, int repair) throws IOException {
        String path = file.relativePath();
        ObjectDigest expected = ledger.digest(path);
        Looks.Check check = attempt.looks().confirm(keyOf(file), expected);
        return switch (check) {
            case Looks.Check.Compared _ -> check.isThere();
            case Looks.Check.Hidden(var why) -> {
                if (repair > 0) {
                    throw Looks.unreadable("confirming " + keyOf(file) + ", which was just stored", why);
                }
                yield false;
            }
            case Looks.Check.Denied(var why) -> {
                Optional<String> reply = ledger.eTag(path);
                yield reply.isPresent() && Looks.proves(reply.get(), expected, keyOf(file), why);
            }
        };
    }

    private String keyOf(Item.DataFile file) {
        return BucketLayout.key(item.id(), file.relativePath());
    }
}
