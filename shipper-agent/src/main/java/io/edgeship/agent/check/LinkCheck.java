package io.edgeship.agent.check;

import io.edgeship.runtime.config.Sizes;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Links a file of the newest block into the spool's directory, really, and takes the link away again.
final class LinkCheck {
    private static final String NAME = "edgeship-check.tmp";

    private LinkCheck() {}

    /// @param refused in the system's words; empty if the link was made
    record Facts(Optional<String> refused, long bytesPerDay) {}

    /// @param near the spool's directory, or the one that it will be made in
    static Finding look(Path path, Optional<Path> newestBlock, Path near, long bytesPerDay) {
        if (newestBlock.isEmpty()) {
            return Finding.skip(Check.HARD_LINK, "there is no block yet to try it with; look again in two hours")
                    .of(path);
        }
        return judge(new Facts(refusal(newestBlock.get().resolve("index"), near.resolve(NAME)), bytesPerDay))
                .of(path);
    }

    /// As [#look], with a chunk of a Loki.
    static Finding lookAtChunk(Path path, Optional<Path> newestChunk, Path near, long bytesPerDay) {
        if (newestChunk.isEmpty()) {
            return Finding.skip(Check.HARD_LINK, "there is no chunk yet to try it with")
                    .of(path);
        }
        return judge(new Facts(refusal(newestChunk.get(), near.resolve(NAME)), bytesPerDay))
                .of(path);
    }

    private static Optional<String> refusal(Path from, Path link) {
        try {
            Files.deleteIfExists(link);
            Files.createLink(link, from);
            Files.delete(link);
            return Optional.empty();
        } catch (FileSystemException e) {
            return Optional.of(e.getReason() == null ? e.toString() : e.getReason());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.of(e.toString());
        }
    }

    static Finding judge(Facts facts) {
        if (facts.refused().isEmpty()) {
            return Finding.pass(Check.HARD_LINK, "a file of the newest was linked into the spool's directory");
        }
        String why = facts.refused().get();
        if (why.contains("cross-device")) {
            return Finding.warn(
                    Check.HARD_LINK,
                    "spool and source are on two mounts: everything is copied, about %s a day of disk and of writing"
                            .formatted(Sizes.print(facts.bytesPerDay())),
                    "leave spool.path out, then the spool lies in the data directory, or beside a Loki's, and costs nothing");
        }
        return Finding.fail(
                Check.HARD_LINK,
                "a file cannot be linked into the spool's directory: " + why,
                "see uid and access above; on a file system without hard links (FAT, exFAT) move the data to ext4");
    }
}
