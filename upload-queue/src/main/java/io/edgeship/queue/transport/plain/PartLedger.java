package io.edgeship.queue.transport.plain;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.Journal;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How far each file of an item got; the records are on the package's page. Memory follows the disk: a record counts
/// once it is durable. Not thread-safe.
final class PartLedger implements AutoCloseable {
    static final String FILE_NAME = "ledger";

    private static final Log LOG = Log.of(PartLedger.class);

    private final Map<String, Sent> files = new HashMap<>();
    private final @Nullable Journal journal;

    /// One file's state.
    private static final class Sent {
        private @Nullable String uploadId;
        private @Nullable Instant begunAt;
        private boolean done;
        private boolean multipart;
        private @Nullable String eTag;
        private final TreeMap<Integer, SentPart> parts = new TreeMap<>();

        private long bytes() {
            return parts.values().stream()
                    .mapToLong(part -> part.digest().sizeBytes())
                    .sum();
        }

        private void reset() {
            uploadId = null;
            begunAt = null;
            done = false;
            multipart = false;
            eTag = null;
            parts.clear();
        }
    }

    private PartLedger(Path file, Disk disk) throws IOException {
        journal = Journal.open(file, disk, payload -> apply(file, payload));
    }

    /// Without a journal to write to.
    private PartLedger() {
        journal = null;
    }

    /// What the ledger of an item says, read beside its owner; of a damaged one, what comes before the damage.
    static PartLedger look(Path itemDir) throws IOException {
        PartLedger ledger = new PartLedger();
        Path file = itemDir.resolve(FILE_NAME);
        Journal.look(file, payload -> ledger.apply(file, payload));
        return ledger;
    }

    /// A damaged ledger is thrown away: that costs sending again, never data, for `meta.json` waits until every object
    /// was compared.
    static PartLedger open(Path itemDir, Disk disk) throws IOException {
        Path file = itemDir.resolve(FILE_NAME);
        PartLedger ledger;
        try {
            ledger = new PartLedger(file, disk);
        } catch (CorruptFormatException e) {
            LOG.warn("ledger is damaged, the item is sent from the start", e, "item", itemDir);
            disk.delete(file);
            ledger = new PartLedger(file, disk);
        }
        disk.forceDirectory(itemDir); // the ledger's own name
        return ledger;
    }

    /// The open upload of a file, or null before it began and after it was put whole.
    @Nullable String uploadId(String file) {
        return sent(file).uploadId;
    }

    /// When that upload began, by the store's clock; empty if the store had not told the time.
    Optional<Instant> begunAt(String file) {
        return Optional.ofNullable(sent(file).begunAt);
    }

    boolean isDone(String file) {
        return sent(file).done;
    }

    @Nullable SentPart part(String file, int number) {
        return sent(file).parts.get(number);
    }

    List<SentPart> parts(String file) {
        return List.copyOf(sent(file).parts.values());
    }

    long acknowledgedBytes() {
        return files.values().stream().mapToLong(Sent::bytes).sum();
    }

    long acknowledgedBytes(String file) {
        return sent(file).bytes();
    }

    /// What the bucket must hold once the file is done.
    ObjectDigest digest(String file) {
        Sent sent = sent(file);
        List<ObjectDigest.Part> parts =
                sent.parts.values().stream().map(SentPart::digest).toList();
        return new ObjectDigest(parts, sent.multipart || sent.uploadId != null);
    }

    /// The ETag that the store replied when the file was done; empty if that reply got lost.
    Optional<String> eTag(String file) {
        Sent sent = sent(file);
        boolean whole = sent.done && !sent.multipart;
        return whole ? Optional.ofNullable(sent.parts.get(1)).map(SentPart::eTag) : Optional.ofNullable(sent.eTag);
    }

    void begun(String file, String uploadId, Optional<Instant> storeTime) throws IOException {
        JsonObject entry = JsonObject.empty().with("file", file).with("begin", uploadId);
        append(storeTime.isEmpty() ? entry : entry.with("at", storeTime.get().toString()));
    }

    void acknowledged(String file, SentPart part) throws IOException {
        append(JsonObject.empty()
                .with("file", file)
                .with("part", part.number())
                .with("size", part.digest().sizeBytes())
                .with("md5", part.digest().md5Hex())
                .with("crc32c", part.digest().crc32c())
                .with("etag", part.eTag()));
    }

    /// The file was put in one request, as its only part.
    void doneWhole(String file) throws IOException {
        append(JsonObject.empty().with("file", file).with("done", false));
    }

    /// @param eTag of the object; empty if the reply got lost
    void doneInParts(String file, Optional<String> eTag) throws IOException {
        JsonObject entry = JsonObject.empty().with("file", file).with("done", true);
        append(eTag.isEmpty() ? entry : entry.with("etag", eTag.get()));
    }

    /// The bucket no longer has the file: nothing of it counts any more.
    void forget(String file) throws IOException {
        append(JsonObject.empty().with("file", file).with("forget", true));
    }

    @Override
    public void close() {
        if (journal != null) {
            journal.close();
        }
    }

    private Sent sent(String file) {
        return files.computeIfAbsent(file, _ -> new Sent());
    }

    private void append(JsonObject entry) throws IOException {
        if (journal == null) {
            throw new IllegalStateException("a ledger that is only looked at");
        }
        journal.append(entry.toCompactBytes());
        apply(entry);
    }

    private void apply(Path file, ByteBuffer payload) throws IOException {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        apply(JsonObject.parse(file.toString(), bytes));
    }

    private void apply(JsonObject entry) throws CorruptFormatException {
        Sent file = sent(entry.requiredText("file"));
        if (entry.has("begin")) {
            file.reset();
            file.uploadId = entry.requiredText("begin");
            Optional<String> at = entry.text("at");
            file.begunAt = at.isEmpty() ? null : instant(entry, at.get());
        } else if (entry.has("part")) {
            int number = Math.toIntExact(entry.requiredInteger("part"));
            ObjectDigest.Part digest = new ObjectDigest.Part(
                    entry.requiredInteger("size"), entry.requiredText("md5"), (int) entry.requiredInteger("crc32c"));
            file.parts.put(number, new SentPart(number, digest, entry.requiredText("etag")));
        } else if (entry.has("done")) {
            file.done = true;
            file.multipart = entry.flag("done");
            file.eTag = entry.text("etag").orElse(null);
            file.uploadId = null;
        } else {
            file.reset();
        }
    }

    private static Instant instant(JsonObject entry, String text) throws CorruptFormatException {
        try {
            return Instant.parse(text);
        } catch (DateTimeException _) {
            throw entry.corrupt("at", "is '" + text + "', not a time");
        }
    }
}
