package io.edgeship.bucket;

import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Objects under keys, in an S3-compatible store or in a directory.
///
/// Keys are relative to the configured `prefix` and as [ObjectKeys] wants them. An object appears whole
/// or not at all. Every method may block on the network and retries in one layer below this interface;
/// what still fails is a [BucketException] whose subtype is the fate. Thread-safe.
/// `BucketContract` (in this module's tests) holds every implementation to this text.
public interface Bucket extends AutoCloseable {
    /// Whether objects are files of this machine: a request costs no round trip, and what was read stays in its cache.
    default boolean isLocal() {
        return false;
    }

    /// Where the objects are, for people: `s3://host/bucket/prefix` or a directory. Holds no secret.
    String location();

    /// One page of keys that start with `prefix`, in the byte order of their UTF-8 form.
    ///
    /// @param delimiter if given, keys that go on past it after `prefix` are folded into one common
    ///     prefix that ends with it; only `/` works everywhere
    /// @param pageToken the [ListPage#next] of the page before, or null for the first page
    /// @param keysMax   1 to [ListPage#KEYS_MAX]; objects and common prefixes count alike
    ListPage list(String prefix, @Nullable String delimiter, @Nullable String pageToken, int keysMax)
            throws BucketException;

    /// Size, ETag and time of the object, or empty if there is none.
    Optional<ObjectInfo> head(String key) throws BucketException;

    /// The whole object. The caller closes the stream; reading throws [BucketException] too, above all
    /// when the bytes end early: a stream that ends without an exception was whole.
    InputStream get(String key) throws BucketException;

    /// `length` (at least 1) bytes from `offset`; fewer where the object ends before. An offset at or past the end is
    /// [BucketException.Refused].
    InputStream get(String key, long offset, long length) throws BucketException;

    /// As [#get(String, long, long)], with what the reply says of the object. A store that is not asked for both at
    /// once is asked twice.
    default ObjectRange getRange(String key, long offset, long length) throws BucketException {
        ObjectInfo object = head(key).orElseThrow(() -> new BucketException.NotFound("reading " + key, null));
        return new ObjectRange(object, get(key, offset, length));
    }

    /// Stores the object, replacing what was there. The store checks the body's checksum on arrival.
    ///
    /// @throws BucketException.BodyUnreadable if `body` fails or gives another number of bytes than it said;
    ///     every method that takes a body does so
    ObjectInfo put(String key, Body body) throws BucketException;

    /// Stores the object only if none is there. A store without conditional writes
    /// ([Capabilities#conditionalPut]) throws [BucketException.Unsupported].
    ///
    /// @throws BucketException.PreconditionFailed if another object is there. An object of the very same
    ///     bytes is not "another": it may be our own, stored by a try whose reply got lost
    ObjectInfo putIfAbsent(String key, Body body) throws BucketException;

    /// Replaces the object only while its ETag is still `eTag`.
    ObjectInfo putIfMatches(String key, Body body, String eTag) throws BucketException;

    /// Begins a multipart upload and returns its id, which the store keeps over our restarts.
    String createUpload(String key) throws BucketException;

    /// Sends one part; sending a number again replaces that part. Parts but the last have at least
    /// [UploadedPart#SIZE_BYTES_MIN] bytes; a store that is this machine's takes any that are not empty.
    ///
    /// @throws BucketException.NoSuchUpload if the store no longer has the upload
    UploadedPart uploadPart(String key, String uploadId, int partNumber, Body body) throws BucketException;

    /// The parts that the store holds, by number. Throws as [#uploadPart] does.
    List<UploadedPart> listParts(String key, String uploadId) throws BucketException;

    /// Open uploads of keys that start with `prefix`, oldest first; at most 1000.
    List<OpenUpload> listUploads(String prefix) throws BucketException;

    /// Makes the object of the parts given, in order of number. Throws as [#uploadPart] does.
    ObjectInfo completeUpload(String key, String uploadId, List<UploadedPart> parts) throws BucketException;

    /// Drops an open upload and its parts; one that is gone already is no error.
    void abortUpload(String key, String uploadId) throws BucketException;

    /// Compares what is stored under `key` with what its writer knows, as far as this store can tell without sending
    /// the bytes back.
    Confirmation confirm(String key, ObjectDigest expected) throws BucketException;

    /// Deletes the object; a missing one is no error.
    void delete(String key) throws BucketException;

    /// Deletes all of them in as few requests as the store allows. After an exception some may be gone.
    void deleteAll(Collection<String> keys) throws BucketException;

    /// What this store can do: what [#learn] was told, or what is known without asking.
    Capabilities capabilities();

    /// Takes note of what [CapabilityProbe] found.
    void learn(Capabilities capabilities);

    /// The store's time, by the `Date` header of its replies (I6).
    StoreClock clock();

    @Override
    void close();
}
