package io.edgeship.queue.quota;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/// What the files of one item cost.
///
/// @param ownBytes    of files with one name
/// @param sharedBytes of files with more
public record Footprint(long ownBytes, long sharedBytes) {
    /// What is worth deleting: nothing of an item whose source still holds most of it, for an item's own small records
    /// are no gain.
    public long freesBytes() {
        return ownBytes > sharedBytes ? ownBytes : 0;
    }

    public static Footprint of(Path item) throws IOException {
        long own = 0;
        long shared = 0;
        try (Stream<Path> walk = Files.walk(item)) {
            for (Path file : walk.toList()) {
                Map<String, ?> attributes =
                        Files.readAttributes(file, "unix:nlink,size,isRegularFile", LinkOption.NOFOLLOW_LINKS);
                if (Boolean.TRUE.equals(attributes.get("isRegularFile"))) {
                    boolean alone = number(attributes, "nlink") == 1;
                    long size = number(attributes, "size");
                    own += alone ? size : 0;
                    shared += alone ? 0 : size;
                }
            }
        }
        return new Footprint(own, shared);
    }

    private static long number(Map<String, ?> attributes, String name) {
        return attributes.get(name) instanceof Number number ? number.longValue() : 0;
    }
}
