package io.edgeship.bucket.file;

import io.edgeship.bucket.BucketException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// What an error of the file system means for the one who asked.
final class FileErrors {
    private FileErrors() {}

    static BucketException of(String doing, IOException cause) {
        String what = doing + ": " + reason(cause);
        return switch (cause) {
            case BucketException already -> already;
            case NoSuchFileException _ -> new BucketException.NotFound(what, cause);
            case AccessDeniedException _ -> new BucketException.AccessDenied(what, cause);
            case FileAlreadyExistsException _, NotDirectoryException _ -> new BucketException.Refused(what, cause);
            case FileSystemException e when isNestedKey(e) -> new BucketException.Refused(what, cause);
            default -> new BucketException.Unavailable(what, cause); // a full disk, a lost mount: may pass
        };
    }

    /// A directory cannot hold the objects `x` and `x/y` both. The JDK tells this only in words.
    private static boolean isNestedKey(FileSystemException e) {
        String reason = e.getReason();
        return reason != null
                && (reason.contains("Not a directory")
                        || reason.contains("Is a directory")
                        || reason.contains("File name too long"));
    }

    private static String reason(IOException cause) {
        return switch (cause) {
            case NoSuchFileException e -> e.getFile() + " does not exist";
            case AccessDeniedException e -> "no permission for " + e.getFile();
            case FileAlreadyExistsException e -> e.getFile() + " is in the way";
            default -> String.valueOf(cause.getMessage());
        };
    }
}
