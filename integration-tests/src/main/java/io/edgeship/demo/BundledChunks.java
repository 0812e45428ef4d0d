package io.edgeship.demo;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Chunks that a real Loki wrote, as resources: the chunk directory of one site. `src/main/resources/demo/README.md`
/// says
/// where they come from.
public final class BundledChunks {
    static final String SITE = "greenhouse-7";

    static final List<String> CHUNKS = List.of(
            "fake/1d646579ed1e64ae/MWEyMDAzODM3ZGM6MWEyMDA2NTJiYTg6ZDI4NGVjZjc=",
            "fake/656bd476da4c3f51/MWEyMDAzODRhMGI6MWEyMDA2OGQ4Mjc6NDkxMTJmYWY=",
            "fake/843ff034efbfd4eb/MWEyMDAzODU1ZDM6MWEyMDA2NmY0Y2I6YzkzNjdiY2E=");

    private BundledChunks() {}

    /// Lays out a chunk directory as Loki does.
    public static void unpack(Path root) throws IOException {
        for (String chunk : CHUNKS) {
            Path target = root.resolve(chunk);
            Files.createDirectories(target.resolveSibling("."));
            String resource = "/demo/" + SITE + "/loki/" + chunk;
            try (InputStream in = BundledChunks.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new FileNotFoundException("resource " + resource);
                }
                Files.copy(in, target);
            }
        }
    }
}
