package io.edgeship.block.thanos;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The `thanos` section of a block's meta.json; the layout is on the package's page. Keys that this build does not
/// know, `rewrites`, `index_stats` and `extensions` are kept as they are.
///
/// @param labels           external labels: which stream the block belongs to
/// @param resolutionMillis 0 for raw samples, else that of the downsampling
/// @param uploadTime       when meta.json was written to the bucket, by the store's clock; null before
/// @param original         the section as it was read
public record ThanosMeta(
        SortedMap<String, String> labels,
        long resolutionMillis,
        String source,
        List<String> segmentFiles,
        List<BlockFile> files,
        @Nullable Instant uploadTime,
        JsonObject original) {
    private static final int VERSION = 1;
    private static final Set<String> KEYS = Set.of(
            "version",
            "labels",
            "downsample",
            "source",
            "segment_files",
            "files",
            "rewrites",
            "index_stats",
            "extensions",
            "upload_time");

    /// What `source` says of a block that a compactor made: it is not held back until it settles.
    public static final String COMPACTOR = "compactor";

    private static final String CHUNKS = "chunks/";

    /// Go's zero time, which stands for "not uploaded yet".
    private static final String NO_TIME = "0001-01-01T00:00:00Z";

    public ThanosMeta {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        segmentFiles = List.copyOf(segmentFiles);
        files = List.copyOf(files);
    }

    /// A section for a raw block that is about to be shipped.
    public static ThanosMeta of(
            Map<String, String> labels, String source, List<String> segmentFiles, List<BlockFile> files) {
        return new ThanosMeta(new TreeMap<>(labels), 0, source, segmentFiles, files, null, JsonObject.empty());
    }

    /// A section that says nothing: of a block whose external labels come later.
    public static ThanosMeta empty() {
        return of(Map.of(), "", List.of(), List.of());
    }

    /// Reads the section.
    ///
    /// @param file stands for it in errors
    public static ThanosMeta of(String file, JsonObject json) throws IOException {
        long version = json.integer("version", VERSION);
        if (version != 0 && version != VERSION) {
            throw new UnsupportedVersionException(
                    file, Math.toIntExact(Math.clamp(version, 0, Integer.MAX_VALUE)), VERSION);
        }
        List<BlockFile> files = new ArrayList<>();
        for (JsonObject entry : json.objects("files")) {
            files.add(file(entry));
        }
        return new ThanosMeta(
                new TreeMap<>(json.object("labels").textMap()),
                json.object("downsample").integer("resolution", 0),
                json.text("source").orElse(""),
                json.texts("segment_files"),
                files,
                uploadTime(json),
                json);
    }

    public ThanosMeta withUploadTime(Instant time) {
        return new ThanosMeta(labels, resolutionMillis, source, segmentFiles, files, time, original);
    }

    /// This section with other files.
    public ThanosMeta withFiles(List<String> names, List<BlockFile> entries) {
        return new ThanosMeta(labels, resolutionMillis, source, names, entries, uploadTime, original);
    }

    /// This section with the files of a block that was just written, and meta.json behind them, as Thanos lists them.
    ///
    /// @param written segments in order, then the index
    public ThanosMeta withBlockFiles(List<BlockFile> written) {
        List<BlockFile> all = new ArrayList<>(written);
        all.add(new BlockFile("meta.json", 0, null));
        List<String> segments = written.stream()
                .map(BlockFile::relativePath)
                .filter(path -> path.startsWith(CHUNKS))
                .map(path -> path.substring(CHUNKS.length()))
                .toList();
        return withFiles(segments, all);
    }

    /// This section of a block that a compactor made.
    public ThanosMeta compacted(long newResolutionMillis, IndexStats stats) {
        return new ThanosMeta(labels, newResolutionMillis, COMPACTOR, segmentFiles, files, null, originalWith(stats));
    }

    /// This section of a block whose series were written anew and that no bucket has yet.
    public ThanosMeta rewritten(Map<String, String> newLabels, IndexStats stats) {
        return new ThanosMeta(
                new TreeMap<>(newLabels), resolutionMillis, source, List.of(), List.of(), null, originalWith(stats));
    }

    private JsonObject originalWith(IndexStats stats) {
        JsonObject json = JsonObject.empty()
                .withUnlessEmpty("series_max_size", stats.seriesBytesMax())
                .withUnlessEmpty("chunk_max_size", stats.chunkBytesMax());
        return original.with("index_stats", json);
    }

    /// This section with `key` in its `extensions`, which Thanos carries along and does not look at.
    public ThanosMeta withExtension(String key, JsonObject value) throws CorruptFormatException {
        JsonObject extensions = original.object("extensions").with(key, value);
        JsonObject changed = original.with("extensions", extensions);
        return new ThanosMeta(labels, resolutionMillis, source, segmentFiles, files, uploadTime, changed);
    }

    /// What stands under `key` in its `extensions`; an empty object where nothing does.
    public JsonObject extension(String key) throws CorruptFormatException {
        return original.object("extensions").object(key);
    }

    /// The section as Thanos writes it.
    public JsonObject toJson() {
        Map<BlockFile, JsonObject> read = filesAsRead();
        List<JsonObject> entries =
                files.stream().map(file -> read.getOrDefault(file, json(file))).toList();
        JsonObject json = JsonObject.empty();
        if (original.has("version")) {
            json = json.with("version", VERSION);
        }
        json = json.with("labels", labels)
                .with("downsample", downsampleJson())
                .with("source", source)
                .withUnlessEmpty("segment_files", segmentFiles)
                .withUnlessEmpty("files", entries);
        json = carry(json, "rewrites");
        json = original.has("index_stats") ? carry(json, "index_stats") : json.with("index_stats", JsonObject.empty());
        json = carry(json, "extensions");
        return json.with("upload_time", uploadTime == null ? NO_TIME : print(uploadTime))
                .keeping(original, KEYS);
    }

    private JsonObject downsampleJson() {
        try {
            return JsonObject.empty()
                    .with("resolution", resolutionMillis)
                    .keeping(original.object("downsample"), Set.of("resolution"));
        } catch (CorruptFormatException e) {
            throw new IllegalStateException("a section that was read as an object is none now", e);
        }
    }

    private JsonObject carry(JsonObject json, String key) {
        Set<String> others = new HashSet<>(original.keys());
        others.remove(key);
        return json.keeping(original, others);
    }

    /// An entry that was read is written as it was read: its hash may be of a kind that this build does not know.
    private Map<BlockFile, JsonObject> filesAsRead() {
        Map<BlockFile, JsonObject> read = new HashMap<>();
        try {
            for (JsonObject entry : original.objects("files")) {
                read.put(file(entry), entry);
            }
        } catch (CorruptFormatException e) {
            throw new IllegalStateException("a list of files that was read before is broken now", e);
        }
        return read;
    }

    private static JsonObject json(BlockFile file) {
        JsonObject json = JsonObject.empty()
                .with("rel_path", file.relativePath())
                .withUnlessEmpty("size_bytes", file.sizeBytes());
        String hash = file.sha256Hex();
        return hash == null
                ? json
                : json.with(
                        "hash", JsonObject.empty().with("hashFunc", "SHA256").with("value", hash));
    }

    private static BlockFile file(JsonObject entry) throws CorruptFormatException {
        String path = entry.requiredText("rel_path");
        long size = entry.integer("size_bytes", 0);
        if (size < 0) {
            throw entry.corrupt("size_bytes", "is " + size);
        }
        JsonObject hash = entry.object("hash");
        boolean sha256 = hash.text("hashFunc").orElse("").equals("SHA256");
        return new BlockFile(path, size, sha256 ? hash.requiredText("value") : null);
    }

    private static @Nullable Instant uploadTime(JsonObject json) throws CorruptFormatException {
        String text = json.text("upload_time").orElse(NO_TIME);
        if (text.equals(NO_TIME)) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw json.corrupt("upload_time", "is '" + text + "', not a time");
        }
    }

    /// As Go's RFC3339Nano: no trailing zeros in the fraction.
    private static String print(Instant time) {
        OffsetDateTime utc = time.atOffset(ZoneOffset.UTC);
        String seconds = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").format(utc);
        String fraction = "%09d".formatted(utc.getNano()).replaceAll("0+$", "");
        return seconds + (fraction.isEmpty() ? "" : "." + fraction) + "Z";
    }
}
