package io.edgeship.bucket.file;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.ExactLengthStream;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.ObjectKeys;
import io.edgeship.bucket.ObjectRange;
import io.edgeship.bucket.OpenUpload;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.UploadedPart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A bucket in a directory; the layout is on the package's page. An object's ETag is made of size, time and
/// number of its file and says nothing of the content, so [#confirm] reads the file again. Thread-safe.
public final class FileBucket implements Bucket {
    private static final Capabilities CAPABILITIES =
            new Capabilities(Capabilities.Support.YES, Capabilities.Support.YES, Capabilities.Support.YES);

    private final Path root;
    private final ObjectFiles objects;
    private final CommitLock commits;
    private final Staging staging;
    private final FileUploads uploads;
    private final StoreClock clock;

    private FileBucket(Path root, Path control, StoreClock clock) {
        this.root = root;
        objects = new ObjectFiles(root);
        this.clock = clock;
        commits = new CommitLock(control.resolve("lock"));
        staging = new Staging(control.resolve("tmp"));
        uploads = new FileUploads(control.resolve("uploads"), staging);
    }

    /// Creates `directory` if it is missing.
    ///
    /// @param prefix of all keys, `""` for none
    public static FileBucket open(Path directory, String prefix) throws BucketException {
        return open(directory, prefix, StoreClock.system());
    }

    /// @param clock is set by this machine's, which is the store's
    public static FileBucket open(Path directory, String prefix, StoreClock clock) throws BucketException {
        Path absolute = directory.toAbsolutePath().normalize();
        Path control = absolute.resolve(DirectoryListing.CONTROL);
        try {
            DurableFiles.createDirectories(control);
            Path root = prefix.isEmpty() ? absolute : absolute.resolve(ObjectKeys.require(prefix));
            DurableFiles.createDirectories(root);
            return new FileBucket(root, control, clock);
        } catch (IOException e) {
            throw FileErrors.of("opening the bucket directory " + absolute, e);
        }
    }

    @Override
    public boolean isLocal() {
        return true;
    }

    @Override
    public String location() {
        return root.toString();
    }

    @Override
    public ListPage list(String prefix, @Nullable String delimiter, @Nullable String pageToken, int keysMax)
            throws BucketException {
        ObjectKeys.requirePrefix(prefix);
        return did("listing " + prefix, () -> {
            DirectoryListing listing = new DirectoryListing(root, prefix, delimiter, pageToken, keysMax);
            return listing.page(FileAttributes::info);
        });
    }

    @Override
    public Optional<ObjectInfo> head(String key) throws BucketException {
        Path file = objects.fileOf(key);
        return did("looking at " + key, () -> {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return attributes.isRegularFile()
                        ? Optional.of(FileAttributes.info(key, attributes))
                        : Optional.empty();
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        });
    }

    @Override
    public InputStream get(String key) throws BucketException {
        return did("reading " + key, () -> {
            FileChannel channel = FileChannel.open(objects.fileOf(key), StandardOpenOption.READ);
            return new ExactLengthStream(Channels.newInputStream(channel), "reading " + key, channel.size());
        });
    }

    @Override
    public InputStream get(String key, long offset, long length) throws BucketException {
        return did("reading " + key, () -> {
            FileChannel channel = FileChannel.open(objects.fileOf(key), StandardOpenOption.READ);
            if (offset < 0 || offset >= channel.size() || length < 1) {
                channel.close();
                throw new BucketException.Refused("reading %d bytes at %d of %s".formatted(length, offset, key), null);
            }
            channel.position(offset);
            long available = Math.min(length, channel.size() - offset);
            return new ExactLengthStream(Channels.newInputStream(channel), "reading " + key, available);
        });
    }

    @Override
    public ObjectRange getRange(String key, long offset, long length) throws BucketException {
        Path file = objects.fileOf(key);
        return did("reading " + key, () -> {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new ObjectRange(FileAttributes.info(key, attributes), get(key, offset, length));
        });
    }

    @Override
    public ObjectInfo put(String key, Body body) throws BucketException {
        Path file = objects.fileOf(key);
        return did("storing " + key, () -> {
            try (Staging.Staged staged = staging.stage(body)) {
                return commits.whileHeld(() -> objects.moveIn(key, staged, file));
            }
        });
    }

    @Override
    public ObjectInfo putIfAbsent(String key, Body body) throws BucketException {
        Path file = objects.fileOf(key);
        return did("storing " + key, () -> {
            try (Staging.Staged staged = staging.stage(body)) {
                return commits.whileHeld(() -> {
                    if (Files.exists(file)) {
                        if (Files.mismatch(file, staged.file()) < 0) {
                            return FileAttributes.info(
                                    key,
                                    Files.readAttributes(file, BasicFileAttributes.class)); // our own, stored before
                        }
                        throw new BucketException.PreconditionFailed(
                                "storing " + key + ": another object is there", null);
                    }
                    return objects.moveIn(key, staged, file);
                });
            }
        });
    }

    @Override
    public ObjectInfo putIfMatches(String key, Body body, String eTag) throws BucketException {
        Path file = objects.fileOf(key);
        return did("storing " + key, () -> {
            try (Staging.Staged staged = staging.stage(body)) {
                return commits.whileHeld(() -> {
                    Optional<ObjectInfo> there = head(key);
                    if (there.isEmpty() || !there.get().eTag().equals(eTag)) {
                        throw new BucketException.PreconditionFailed("storing " + key + ": it has changed", null);
                    }
                    return objects.moveIn(key, staged, file);
                });
            }
        });
    }

    @Override
    public String createUpload(String key) throws BucketException {
        objects.fileOf(key);
        return did("beginning an upload of " + key, () -> uploads.create(key));
    }

    @Override
    public UploadedPart uploadPart(String key, String uploadId, int partNumber, Body body) throws BucketException {
        return did("uploading part " + partNumber + " of " + key, () -> uploads.put(key, uploadId, partNumber, body));
    }

    @Override
    public List<UploadedPart> listParts(String key, String uploadId) throws BucketException {
        return did("listing parts of " + key, () -> uploads.parts(key, uploadId));
    }

    @Override
    public List<OpenUpload> listUploads(String prefix) throws BucketException {
        return did("listing uploads of " + prefix, () -> uploads.list(prefix));
    }

    @Override
    public ObjectInfo completeUpload(String key, String uploadId, List<UploadedPart> parts) throws BucketException {
        Path file = objects.fileOf(key);
        return did("completing the upload of " + key, () -> {
            try (Staging.Staged staged = uploads.assemble(key, uploadId, parts)) {
                ObjectInfo stored = commits.whileHeld(() -> objects.moveIn(key, staged, file));
                uploads.remove(uploadId);
                return stored;
            }
        });
    }

    @Override
    public void abortUpload(String key, String uploadId) throws BucketException {
        did("aborting an upload of " + key, () -> {
            uploads.remove(uploadId);
            return key;
        });
    }

    @Override
    public Confirmation confirm(String key, ObjectDigest expected) throws BucketException {
        Path file = objects.fileOf(key);
        return did("comparing " + key, () -> FileDigest.compare(file, expected));
    }

    @Override
    public void delete(String key) throws BucketException {
        Path file = objects.fileOf(key);
        did(
                "deleting " + key,
                () -> commits.whileHeld(() -> {
                    if (Files.isRegularFile(file)) {
                        objects.delete(file);
                    }
                    return key;
                }));
    }

    @Override
    public void deleteAll(Collection<String> keys) throws BucketException {
        for (String key : keys) {
            delete(key);
        }
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public void learn(Capabilities capabilities) {
        // a directory's are known
    }

    @Override
    public StoreClock clock() {
        clock.saw(Instant.now()); // this machine is the store
        return clock;
    }

    @Override
    public void close() {}

    private interface Work<T> {
        T run() throws IOException;
    }

    private static <T> T did(String doing, Work<T> work) throws BucketException {
        try {
            return work.run();
        } catch (IOException e) {
            throw FileErrors.of(doing, e);
        }
    }
}
