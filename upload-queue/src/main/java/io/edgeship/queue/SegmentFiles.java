package io.edgeship.queue;

import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.queue.journal.DurableFiles;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The files in the directory of a segment of log chunks; the package page draws them.
final class SegmentFiles {
    static final String LINKS = "logs";
    static final String HEADS = "heads";
    static final String LIST = "segment.jsonl";

    private static final int VERSION = 1;
    private static final String REPLACES = "replaces";

    /// A chunk has some 400 bytes.
    private static final long LIST_BYTES_MAX = 1024L * Segment.CHUNKS_MAX;

    private SegmentFiles() {}

    static boolean isSegment(Path item) {
        return Files.isDirectory(item.resolve(LINKS));
    }

    static Path link(Path item, String name) {
        return item.resolve(LINKS).resolve(name);
    }

    /// The names under `logs/`.
    static List<String> links(Path item) throws IOException {
        return DurableFiles.children(item.resolve(LINKS)).stream()
                .map(link -> String.valueOf(link.getFileName()))
                .toList();
    }

    static long linkedBytes(Path item) throws IOException {
        long bytes = 0;
        for (Path link : DurableFiles.children(item.resolve(LINKS))) {
            bytes += Files.size(link);
        }
        return bytes;
    }

    /// @throws CorruptFormatException if the list is damaged
    static Segment read(Path item) throws IOException {
        Path file = item.resolve(LIST);
        if (Files.size(file) > LIST_BYTES_MAX) {
            throw new CorruptFormatException(file.toString(), LIST_BYTES_MAX, "longer than the list of any segment");
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            JsonObject first = parse(file, lines.readLine());
            long version = first.requiredInteger("version");
            if (version > VERSION) {
                throw new UnsupportedVersionException(file.toString(), Math.toIntExact(version), VERSION);
            }
            TimeRange range = SpoolJson.range(first);
            List<Segment.Chunk> chunks = new ArrayList<>();
            List<Segment.Rewritten> rewritten = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonObject json = parse(file, line);
                chunks.add(chunk(json));
                if (json.has(REPLACES)) {
                    rewritten.add(new Segment.Rewritten(json.requiredText("path"), json.texts(REPLACES)));
                }
            }
            return new Segment(
                    first.requiredInteger("sequence"),
                    first.requiredInteger("sealed_at_ms"),
                    first.requiredInteger("complete_through_ms"),
                    range,
                    chunks,
                    rewritten);
        } catch (IllegalArgumentException | ArithmeticException | MalformedInputException e) {
            throw new CorruptFormatException(file.toString(), 0, "names no segment: " + e.getMessage());
        }
    }

    private static JsonObject parse(Path file, @Nullable String line) throws CorruptFormatException {
        String text = line == null ? "" : line;
        return JsonObject.parse(file.toString(), text.getBytes(StandardCharsets.UTF_8));
    }

    private static Segment.Chunk chunk(JsonObject json) throws CorruptFormatException {
        return new Segment.Chunk(
                json.requiredText("path"),
                json.requiredInteger("size_bytes"),
                json.requiredText("sha256"),
                json.requiredText("link"),
                json.requiredInteger("head_offset"),
                Math.toIntExact(json.requiredInteger("head_bytes")),
                Math.toIntExact(json.requiredInteger("body_offset")));
    }

    static byte[] toBytes(Segment segment) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        line(
                lines,
                JsonObject.empty()
                        .with("version", VERSION)
                        .with("sequence", segment.sequence())
                        .with("sealed_at_ms", segment.sealedAtMillis())
                        .with("complete_through_ms", segment.completeThroughMillis())
                        .with("min_time", segment.range().minTime())
                        .with("max_time", segment.range().maxTime()));
        Map<String, List<String>> replaces = new HashMap<>();
        segment.rewritten().forEach(one -> replaces.put(one.path(), one.replaces()));
        for (Segment.Chunk chunk : segment.chunks()) {
            line(
                    lines,
                    JsonObject.empty()
                            .with("path", chunk.path())
                            .with("size_bytes", chunk.sizeBytes())
                            .with("sha256", chunk.sha256())
                            .with("link", chunk.link())
                            .with("head_offset", chunk.headOffset())
                            .with("head_bytes", chunk.headBytes())
                            .with("body_offset", chunk.bodyOffset())
                            .withUnlessEmpty(REPLACES, replaces.getOrDefault(chunk.path(), List.of())));
        }
        return lines.toByteArray();
    }

    private static void line(ByteArrayOutputStream lines, JsonObject json) {
        lines.writeBytes(json.toCompactBytes());
        lines.write('\n');
    }
}
