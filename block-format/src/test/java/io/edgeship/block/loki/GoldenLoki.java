package io.edgeship.block.loki;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// Chunks and indexes that real Lokis wrote, and what was pushed to them.
final class GoldenLoki {
    static final Path ROOT = Path.of("src/test/resources/golden/loki-3.7.6");
    static final Path CODECS = ROOT.resolve("codecs");
    static final Path WHOLE = ROOT.resolve("whole");
    static final Path NEWER = Path.of("src/test/resources/golden/loki-4.0");

    /// One pushed line, spelled the same whatever it was read from.
    record Line(String tenant, Map<String, String> labels, long timeNanos, String line, Map<String, String> metadata) {}

    private GoldenLoki() {}

    static List<Path> chunkFiles(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            return files.filter(
                            file -> LokiChunkName.tryParse(file.getFileName().toString())
                                    .isPresent())
                    .sorted()
                    .toList();
        }
    }

    static List<Line> pushed(Path dir) throws IOException {
        List<Line> lines = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(dir.resolve("expected.jsonl.gz"))), StandardCharsets.UTF_8))) {
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                Map<String, Object> fields = JSON.std.mapFrom(text);
                lines.add(new Line(
                        (String) requireNonNull(fields.get("tenant")),
                        texts(requireNonNull(fields.get("labels"))),
                        Long.parseLong((String) requireNonNull(fields.get("ts"))),
                        (String) requireNonNull(fields.get("line")),
                        texts(requireNonNull(fields.get("metadata")))));
            }
        }
        return lines;
    }

    /// The lines of `chunks`, without the labels and metadata that Loki adds on its own.
    static List<Line> read(Collection<LokiChunk> chunks) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (LokiChunk chunk : chunks) {
            chunk.forEachEntry(entry -> {
                Map<String, String> metadata = new TreeMap<>();
                entry.metadata().forEach(pair -> metadata.put(pair.name(), pair.value()));
                Map<String, String> labels = new TreeMap<>(chunk.header().labels());
                labels.remove("__name__");
                String line = new String(entry.line(), StandardCharsets.UTF_8);
                lines.add(new Line(chunk.header().tenant(), labels, entry.timeNanos(), line, metadata));
            });
        }
        return lines;
    }

    static LokiChunk open(Path file) {
        try {
            return LokiChunkReader.open(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> texts(Object map) {
        Map<String, String> texts = new TreeMap<>();
        ((Map<?, ?>) map).forEach((name, value) -> texts.put((String) name, (String) value));
        return texts;
    }
}
