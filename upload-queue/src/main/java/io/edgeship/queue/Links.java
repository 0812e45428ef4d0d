package io.edgeship.queue;

import io.edgeship.queue.journal.Disk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Brings a source's file into the spool under a second name; where links are not possible its bytes are copied.
final class Links {
    private final Disk disk;

    Links(Disk disk) {
        this.disk = disk;
    }

    /// The content is durable when it returns, the name `to` once its directory is forced.
    ///
    /// @return the bytes copied: 0 for a link
    /// @throws NoSuchFileException   if the source deleted the file
    /// @throws AccessDeniedException if the kernel forbids the link; the message says what to do
    long linkOrCopy(Path from, Path to) throws IOException {
        try {
            disk.link(to, from);
            disk.forceFile(to); // costs nothing where the source has forced it, as Prometheus does
            return 0;
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            rejectForeignOwner(from, to, e);
            disk.copy(from, to);
            return Files.size(to);
        }
    }

    /// A link is refused for two reasons that matter: the spool is on another mount, or the file system
    /// has no links (copying helps); or the file belongs to another user (a person must help). The kernel
    /// says EPERM both for FAT and for `fs.protected_hardlinks`, so the owner decides.
    private static void rejectForeignOwner(Path from, Path to, FileSystemException refused) throws IOException {
        Object owner = Files.getAttribute(from, "unix:uid");
        Path spoolDirectory = to.resolveSibling(".");
        Object self = Files.getAttribute(spoolDirectory, "unix:uid");
        if (owner.equals(self) || isCrossDevice(refused)) {
            return;
        }
        AccessDeniedException denied = new AccessDeniedException(
                from.toString(),
                to.toString(),
                ("uid %s may not hard-link a file of uid %s (%s): run the agent under the user that owns the blocks, "
                                + "in Kubernetes by leaving runAsUser out of the agent's container so that the pod's "
                                + "applies; fs.protected_hardlinks forbids it to others")
                        .formatted(self, owner, refused.getReason()));
        denied.initCause(refused);
        throw denied;
    }

    private static boolean isCrossDevice(FileSystemException e) {
        String reason = e.getReason();
        return reason != null && reason.contains("cross-device"); // EXDEV, as the C library puts it
    }
}
