package io.edgeship.compact.merge;

import io.edgeship.block.encoding.ByteSink;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.bucket.UploadedPart;
import io.edgeship.compact.plan.MergeMemory;
import io.edgeship.runtime.concurrent.Tasks;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Writes one object: whole if it stays below a part, else as a multipart upload of which one part goes out while the
/// next is filled. A remote store compares each part with its MD5 on arrival. Not thread-safe.
final class UploadSink implements ByteSink {
    private static final Log LOG = Log.of(UploadSink.class);

    private final Bucket bucket;
    private final String key;
    private final Sender sender;
    private final Traffic traffic;
    private final List<UploadedPart> parts = new ArrayList<>();
    private final List<ObjectDigest.Part> digests = new ArrayList<>();
    private final int partBytes;
    private PartBuffer filling;
    private volatile @Nullable String uploadId; // set by the task that sends the first part
    private @Nullable Future<Sent> underWay;
    private int begun; // parts that were given to the sender
    private boolean finished;

    private record Sent(UploadedPart part, ObjectDigest.Part digest) {}

    UploadSink(Bucket bucket, String key, Sender sender, Traffic traffic) {
        this.bucket = bucket;
        this.key = key;
        this.sender = sender;
        this.traffic = traffic;
        partBytes = MergeMemory.partBytes(bucket.isLocal());
        filling = new PartBuffer(sender.pool());
    }

    @Override
    public String name() {
        return key;
    }

    @Override
    public void write(byte[] bytes, int at, int length) throws IOException {
        if (finished) {
            throw new IllegalStateException("written to " + key + " after its end");
        }
        for (int done = 0; done < length; ) {
            if (filling.size() == partBytes) {
                sendPart(); // not before more comes: a file that fits is put whole
            }
            int count = Math.min(length - done, partBytes - filling.size());
            filling.add(bytes, at + done, count);
            done += count;
        }
    }

    @Override
    public void finish() throws IOException {
        if (begun == 0) {
            ObjectDigest.Part digest = filling.digest(!bucket.isLocal());
            bucket.put(key, filling.body(digest));
            digests.add(digest);
            traffic.sent(filling.size());
        } else {
            sendPart();
            await();
            bucket.completeUpload(key, id(), parts);
        }
        finished = true;
        filling.release();
    }

    /// Of what was stored.
    ///
    /// @throws IllegalStateException before [#finish]
    ObjectDigest stored() {
        if (!finished) {
            throw new IllegalStateException(key + " is not finished");
        }
        return new ObjectDigest(digests, begun > 0);
    }

    /// Drops what the store has of a file that was not finished. Where that fails it is left to the cleaner.
    @Override
    public void close() {
        if (finished) {
            return;
        }
        finished = true;
        try {
            await();
        } catch (IOException e) {
            LOG.debug("part given up", "key", key, "err", e.getMessage());
        }
        filling.release();
        String id = uploadId;
        if (id == null) {
            return;
        }
        try {
            bucket.abortUpload(key, id);
        } catch (BucketException e) {
            LOG.warn("unfinished upload stays until it is cleaned away", "key", key, "err", e.getMessage());
        }
    }

    private void sendPart() throws IOException {
        await();
        PartBuffer part = filling;
        int number = ++begun;
        if (number > UploadedPart.PART_NUMBER_MAX) {
            throw new IOException(
                    "%s has more than %d parts of %d bytes".formatted(key, UploadedPart.PART_NUMBER_MAX, partBytes));
        }
        filling = new PartBuffer(sender.pool());
        underWay = sender.send(() -> send(number, part));
    }

    private Sent send(int number, PartBuffer part) throws BucketException {
        try {
            ObjectDigest.Part digest = part.digest(!bucket.isLocal());
            String id = uploadId == null ? bucket.createUpload(key) : id();
            uploadId = id;
            UploadedPart sent = bucket.uploadPart(key, id, number, part.body(digest));
            traffic.sent(part.size());
            return new Sent(sent, digest);
        } finally {
            part.release();
        }
    }

    private String id() {
        String id = uploadId;
        if (id == null) {
            throw new IllegalStateException("no upload of " + key);
        }
        return id;
    }

    /// Until the part under way has arrived.
    private void await() throws IOException {
        Future<Sent> waiting = underWay;
        underWay = null;
        if (waiting == null) {
            return;
        }
        try {
            Sent sent = waiting.get();
            parts.add(sent.part());
            digests.add(sent.digest());
        } catch (ExecutionException e) {
            throw Tasks.failure(e);
        } catch (InterruptedException e) {
            underWay = waiting;
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while writing " + key).initCause(e);
        }
    }
}
