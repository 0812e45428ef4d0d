package io.edgeship.it;

import io.edgeship.block.loki.LokiChunk;
import io.edgeship.block.loki.LokiChunkEdit;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiChunkRewriter;
import io.edgeship.demo.BundledChunks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A chunk directory of a busy Loki: the bundled chunks again and again, each time as those of another stream.
final class ManyChunks {
    private ManyChunks() {}

    /// @param count how many chunks there are then in `root`
    static void write(Path root, int count) throws IOException {
        Path bundled = root.resolveSibling("bundled");
        BundledChunks.unpack(bundled);
        List<Path> files;
        try (Stream<Path> all = Files.walk(bundled)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        for (int i = 0; i < count; i++) {
            Path file = files.get(i % files.size());
            LokiChunk chunk = LokiChunkReader.open(file);
            Map<String, String> pod = Map.of("pod", "pump-" + i);
            LokiChunk another = LokiChunkRewriter.rewrite(chunk, new LokiChunkEdit(null, pod, null));
            Path target = root.resolve(another.path());
            Files.createDirectories(target.resolveSibling("."));
            Files.write(target, another.toBytes());
        }
    }
}
