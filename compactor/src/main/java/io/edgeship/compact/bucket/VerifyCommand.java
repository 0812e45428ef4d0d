package io.edgeship.compact.bucket;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.IndexVerifier;
import io.edgeship.block.verify.Verdict;
import io.edgeship.block.verify.Violation;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.fleet.BucketSync;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Progress;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `bucket verify`: reads blocks from the bucket and checks every rule of the format. Reads only, nothing touches a disk.
final class VerifyCommand extends BucketCommand {
    private static final String CHUNKS = "chunks/";

    /// A block of 50 TiB has fewer.
    private static final int FILES_MAX = 100_000;

    VerifyCommand(BucketAccess.Source source) {
        super(source);
    }

    @Override
    public Usage usage() {
        return new Usage(
                "bucket verify",
                "",
                "Check blocks as they lie in the bucket: files, index, every checksum, the totals of meta.json",
                List.of(
                        CONFIG,
                        new Option("id", "ULID", "this block only; may be given more than once"),
                        BlockColumns.SELECTOR,
                        new Option("index-only", null, "leave out the chunks, which are most of the bytes")),
                "Exit code 1 if a block breaks a rule or cannot be read; each place is named by file and offset.");
    }

    @Override
    ExitCode run(Bucket bucket, BucketAccess access, Arguments arguments, Terminal terminal)
            throws IOException, UsageException {
        List<BlockId> ids = new ArrayList<>(ids(arguments));
        var selected = BlockColumns.selected(arguments);
        if (ids.isEmpty()) {
            BucketSync.cachedIn(access.cacheDir(), bucket).sync().blocks().stream()
                    .filter(selected)
                    .forEach(block -> ids.add(block.meta().id()));
        }
        ExitCode result = ExitCode.DONE;
        try (Progress progress = terminal.progress("verifying")) {
            for (int i = 0; i < ids.size(); i++) {
                String unit = "series of block %d of %d".formatted(i + 1, ids.size());
                BlockVerifier.Watcher watcher = (done, total) -> progress.update(done, total, unit);
                if (!isSound(bucket, ids.get(i), arguments.flag("index-only"), watcher, terminal)) {
                    result = ExitCode.WORK_LEFT;
                }
            }
        }
        return result;
    }

    /// A block that cannot be read now stops none of those after it (I5).
    private static boolean isSound(
            Bucket bucket, BlockId id, boolean indexOnly, BlockVerifier.Watcher watcher, Terminal terminal) {
        try {
            List<String> problems = problems(bucket, id, indexOnly, watcher);
            terminal.out().println((problems.isEmpty() ? "PASS " : "FAIL ") + id);
            problems.forEach(problem -> terminal.out().println("  " + Printable.line(problem)));
            return problems.isEmpty();
        } catch (IOException e) {
            terminal.err().println("edgeship bucket verify: " + id + ": " + e.getMessage());
            return false;
        }
    }

    private static List<String> problems(Bucket bucket, BlockId id, boolean indexOnly, BlockVerifier.Watcher watcher)
            throws IOException {
        BlockMeta meta;
        String metaKey = BucketLayout.metaKey(id);
        try (InputStream in = bucket.get(metaKey)) {
            meta = BlockMeta.parse(BlockMeta.FILE_NAME, in.readNBytes(JsonObject.BYTES_MAX));
        } catch (BucketException.NotFound e) {
            return List.of("meta.json: there is no such object");
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
        if (!meta.id().equals(id)) {
            return List.of("meta.json: ulid is " + meta.id());
        }
        Map<String, Long> sizes = sizes(bucket, id);
        List<String> problems = new ArrayList<>(ofSizes(meta, sizes));
        (indexOnly ? ofIndex(bucket, meta) : ofAll(bucket, meta, sizes, watcher))
                .forEach(violation -> problems.add(violation.toString()));
        return problems;
    }

    private static List<Violation> ofIndex(Bucket bucket, BlockMeta meta) throws IOException {
        try {
            return IndexVerifier.verify(ObjectSource.of(bucket, meta).open("index"), meta);
        } catch (NoSuchFileException e) {
            return List.of(); // named among the files already
        }
    }

    private static List<Violation> ofAll(
            Bucket bucket, BlockMeta meta, Map<String, Long> sizes, BlockVerifier.Watcher watcher) throws IOException {
        long segmentBytes = sizes.entrySet().stream()
                .filter(file -> file.getKey().startsWith(CHUNKS))
                .mapToLong(Map.Entry::getValue)
                .sum();
        BlockFiles files = ObjectSource.of(bucket, meta);
        return switch (BlockVerifier.verify(meta, files, segmentBytes, watcher)) {
            case Verdict.Sound _ -> List.of();
            case Verdict.Broken(var violations, var _) -> violations;
        };
    }

    private static List<String> ofSizes(BlockMeta meta, Map<String, Long> sizes) {
        List<String> problems = new ArrayList<>();
        ThanosMeta thanos = meta.thanos();
        for (BlockFile file : thanos == null ? List.<BlockFile>of() : thanos.files()) {
            Long there = sizes.get(file.relativePath());
            if (there == null) {
                problems.add(file.relativePath() + ": there is no such object");
            } else if (file.sizeBytes() > 0 && there != file.sizeBytes()) {
                problems.add("%s: has %d bytes, meta.json says %d"
                        .formatted(file.relativePath(), there, file.sizeBytes()));
            }
        }
        if (!sizes.containsKey("index") && problems.stream().noneMatch(problem -> problem.startsWith("index:"))) {
            problems.add("index: there is no such object");
        }
        return problems;
    }

    private static Map<String, Long> sizes(Bucket bucket, BlockId id) throws BucketException {
        Map<String, Long> sizes = new TreeMap<>();
        String token = null;
        do {
            ListPage page = bucket.list(id + "/", null, token, ListPage.KEYS_MAX);
            for (ObjectInfo object : page.objects()) {
                sizes.put(object.key().substring(BlockId.LENGTH + 1), object.sizeBytes());
            }
            token = page.next();
        } while (token != null && sizes.size() < FILES_MAX);
        return sizes;
    }
}
