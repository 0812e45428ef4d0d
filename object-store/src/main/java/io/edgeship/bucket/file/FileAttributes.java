package io.edgeship.bucket.file;

import io.edgeship.bucket.ObjectInfo;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/// An object's properties, made of those of its file.
final class FileAttributes {
    private FileAttributes() {}

    static ObjectInfo info(String key, BasicFileAttributes attributes) {
        Instant modified = attributes.lastModifiedTime().toInstant();
        // The file's number too: two objects of one size may be stored within one tick of the file system's clock.
        String eTag = "%x-%x-%x-%x"
                .formatted(
                        attributes.size(),
                        modified.getEpochSecond(),
                        modified.getNano(),
                        String.valueOf(attributes.fileKey()).hashCode());
        return new ObjectInfo(key, attributes.size(), eTag, modified);
    }
}
