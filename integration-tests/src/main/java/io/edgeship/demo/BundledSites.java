package io.edgeship.demo;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Blocks that a real Prometheus wrote, as resources: two sites' data directories.
public final class BundledSites {
    private static final List<String> FILES = List.of("meta.json", "index", "chunks/000001");

    /// Blocks by site. `src/main/resources/demo/README.md` says where they come from.
    public static final Map<String, List<String>> BLOCKS = Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(
            "greenhouse-7", List.of("01M83GSE62ARGZ6NS2THBV0E4Q"),
            "greenhouse-9", List.of("01M7TX80ZRM2X5R366W8P87Q8S", "01M7V43R7R750RD8B69P192T6C"))));

    private BundledSites() {}

    /// Lays out a site's data directory as Prometheus does.
    public static void unpack(String site, Path dataDir) throws IOException {
        Files.createDirectories(dataDir.resolve("wal"));
        for (String block : BLOCKS.getOrDefault(site, List.of())) {
            Path unfinished = dataDir.resolve(block + ".tmp-for-creation");
            for (String file : FILES) {
                String resource = "/demo/" + site + "/" + block + "/" + file;
                Path target = unfinished.resolve(file);
                Files.createDirectories(target.resolveSibling("."));
                try (InputStream in = BundledSites.class.getResourceAsStream(resource)) {
                    if (in == null) {
                        throw new FileNotFoundException("resource " + resource);
                    }
                    Files.copy(in, target);
                }
            }
            Files.move(unfinished, dataDir.resolve(block)); // whole from the first moment that it has its name
        }
    }
}
