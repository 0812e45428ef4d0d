package io.edgeship.bucket.file;

import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.ObjectKeys;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

/// The objects' own files, by their keys. An object appears and disappears whole; a directory is there as long as an
/// object lies in it. The caller holds the commit lock.
///
/// @param root that keys are meant from
record ObjectFiles(Path root) {
    /// @throws BucketException.Refused if the key is where this bucket keeps its own files
    Path fileOf(String key) throws BucketException.Refused {
        Path file = root.resolve(ObjectKeys.require(key));
        if (key.equals(DirectoryListing.CONTROL) || key.startsWith(DirectoryListing.CONTROL + "/")) {
            throw new BucketException.Refused(
                    "object key '" + key + "' is where this bucket keeps its own files", null);
        }
        return file;
    }

    ObjectInfo moveIn(String key, Staging.Staged staged, Path file) throws IOException {
        Path parent = file.getParent();
        if (parent == null) {
            throw new BucketException.Refused("object key '" + key + "' names no file", null);
        }
        DurableFiles.createDirectories(parent);
        Files.move(
                staged.file(), file, StandardCopyOption.ATOMIC_MOVE); // the commit point: the object is visible whole
        DurableFiles.force(parent);
        return FileAttributes.info(key, Files.readAttributes(file, BasicFileAttributes.class));
    }

    /// Deletes the file, and the directories that it leaves empty.
    void delete(Path file) throws IOException {
        Files.delete(file);
        for (Path dir = file.getParent(); dir != null && !dir.equals(root); dir = dir.getParent()) {
            try {
                Files.delete(dir);
            } catch (DirectoryNotEmptyException | NoSuchFileException e) {
                return;
            }
        }
    }
}
