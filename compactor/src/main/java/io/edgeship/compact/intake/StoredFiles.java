package io.edgeship.compact.intake;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.ObjectDigest;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;

/// What was written of a block, to be compared with what the store holds (I10). Not thread-safe.
final class StoredFiles {
    private final Bucket bucket;
    private final Map<String, Stored> files = new LinkedHashMap<>();

    private record Stored(PlannedFile file, ObjectDigest digest) {}

    StoredFiles(Bucket bucket) {
        this.bucket = bucket;
    }

    void add(String key, PlannedFile file, ObjectDigest digest) {
        files.put(key, new Stored(file, digest));
    }

    void confirm() throws IOException {
        for (Map.Entry<String, Stored> entry : files.entrySet()) {
            String key = entry.getKey();
            Stored stored = entry.getValue();
            Confirmation found = bucket.confirm(key, stored.digest());
            boolean same = switch (found) {
                case MATCHES -> true;
                case SIZE_MATCHES ->
                    MessageDigest.isEqual(
                            Digests.sha256(bucket, key), stored.file().sha256());
                case DIFFERS, MISSING -> false;
            };
            if (!same) {
                throw new IOException(key + " is not what was written just now: " + found);
            }
        }
    }
}
