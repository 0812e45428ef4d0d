package io.edgeship.compact;

import io.edgeship.block.BlockId;
import io.edgeship.block.downsample.CounterIterator;
import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.synthetic.SyntheticBlocks;
import io.edgeship.block.synthetic.SyntheticSpec;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.memory.MemoryBucket;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import io.edgeship.runtime.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Whole cycles over a bucket in memory, whose time stands still but for [#later].
final class CycleBed {
    /// Longer than a lock is held by nobody.
    static final Duration LEASE_OVER = Duration.ofMinutes(11);

    /// Keys of `compactor.yaml`: nothing is waited for.
    static final String NO_WAITS = """
            consistency_delay: 0s
            compaction: {concurrency: 1, late_wait: 0s}
            """;

    /// By its key, a file of a block.
    private final TreeMap<String, byte[]> shipped = new TreeMap<>();

    private final Path home;
    private final String yaml;
    private final Instant began = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private Instant now = began;
    final MemoryBucket bucket = new MemoryBucket(() -> now);

    /// @param home of the blocks that are made up
    /// @param yaml keys of `compactor.yaml`
    CycleBed(Path home, String yaml) {
        this.home = home;
        this.yaml = yaml;
    }

    /// Makes blocks up, which [#ship] then puts into the bucket.
    ///
    /// @param spec as `edgeship block create --synthetic` takes it
    CycleBed makeUp(String spec) throws IOException {
        SyntheticSpec sites = SyntheticSpec.parse(spec);
        for (int site = 0; site < sites.sites(); site++) {
            for (Path block : SyntheticBlocks.write(sites, site, home, _ -> {})) {
                add(block);
            }
        }
        return this;
    }

    /// Takes the files of a block, which [#ship] then puts into the bucket.
    void add(Path block) throws IOException {
        try (Stream<Path> tree = Files.walk(block)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                shipped.put(block.getFileName() + "/" + block.relativize(file), Files.readAllBytes(file));
            }
        }
    }

    /// All that were made up, in order of ULID.
    List<BlockId> shipped() {
        Set<BlockId> ids = new TreeSet<>();
        shipped.keySet().forEach(key -> ids.add(BlockId.parse(key.substring(0, BlockId.LENGTH))));
        return List.copyOf(ids);
    }

    /// A bucket of these blocks and nothing else, at the time that the bed began with.
    void startOver(Iterable<BlockId> blocks) {
        bucket.clear();
        now = began;
        blocks.forEach(this::ship);
    }

    void ship(BlockId block) {
        shipped.forEach((key, bytes) -> {
            if (key.startsWith(block + "/")) {
                bucket.set(key, bytes);
            }
        });
    }

    void later(Duration passed) throws IOException {
        now = now.plus(passed);
        bucket.head("any"); // whose reply tells the time
    }

    Cycle.Result cycle() throws Exception {
        return cycle(bucket);
    }

    /// A cycle of a process that was started for it.
    Cycle.Result cycle(Bucket through) throws Exception {
        return process(through).run();
    }

    Cycle process(Bucket through) throws Exception {
        String one = yaml.contains("compaction:") ? "" : "compaction: {concurrency: 1}\n"; // the same calls each time
        String text = "objstore: {config: {type: FILESYSTEM, config: {directory: /nowhere}}}\n" + one + yaml;
        return new Cycle(through, CompactorConfig.of(ConfigFile.parse("compactor.yaml", text, Map.of()), home));
    }

    /// Blocks that readers take, marked or not.
    List<BucketBlock> visible() throws IOException {
        return new BucketSync(bucket).sync().blocks();
    }

    /// Blocks that stay.
    List<BucketBlock> live() throws IOException {
        return visible().stream().filter(block -> block.deletionMark() == null).toList();
    }

    List<BucketBlock> live(long resolutionMillis) throws IOException {
        return live().stream()
                .filter(block -> block.resolutionMillis() == resolutionMillis)
                .toList();
    }

    /// Sources of the blocks that stay, at one resolution.
    Set<BlockId> sources(long resolutionMillis) throws IOException {
        Set<BlockId> sources = new TreeSet<>();
        live(resolutionMillis).forEach(block -> sources.addAll(block.sources()));
        return sources;
    }

    /// Samples of these blocks, one line each: series, time, and bits of the value; of what is downsampled the
    /// bytes of the aggregates instead. One that is there twice is twice in the list.
    List<String> samples(List<BucketBlock> blocks) throws IOException {
        return lines(blocks, CycleBed::chunks);
    }

    /// As [#samples], but of what is downsampled the value of each aggregate of each window, and of counters how far
    /// they have risen by then. How chunks were cut makes no difference.
    List<String> values(List<BucketBlock> blocks) throws IOException {
        return lines(blocks, CycleBed::aggregates);
    }

    /// What a series of a downsampled block is printed as.
    private interface Coarse {
        void print(String name, List<TimedChunk> chunks, List<String> lines) throws IOException;
    }

    private List<String> lines(List<BucketBlock> blocks, Coarse coarse) throws IOException {
        List<String> lines = new ArrayList<>();
        for (BucketBlock block : blocks) {
            String site = block.labels().toString();
            try (BlockReader reader =
                    BlockReader.open(path -> source(block.meta().id(), path))) {
                reader.forEachSeries(List.of(), series -> {
                    String name = site + series.labels();
                    if (block.resolutionMillis() == 0) {
                        series.forEachSample((time, bits) -> lines.add(name + " " + time + " " + bits));
                    } else {
                        coarse.print(name, series.readChunks(), lines);
                    }
                });
            }
        }
        lines.sort(null);
        return lines;
    }

    private static void chunks(String name, List<TimedChunk> chunks, List<String> lines) {
        chunks.forEach(chunk -> lines.add(name + " " + chunk.minTime() + " "
                + HexFormat.of().formatHex(chunk.chunk().data())));
    }

    private static void aggregates(String name, List<TimedChunk> chunks, List<String> lines) throws IOException {
        for (Aggregate aggregate : List.of(Aggregate.COUNT, Aggregate.SUM, Aggregate.MIN, Aggregate.MAX)) {
            for (FloatIterator part : parts(chunks, aggregate)) {
                while (part.next()) {
                    lines.add("%s %s %d %s".formatted(name, aggregate, part.timeMillis(), part.value()));
                }
            }
        }
        CounterIterator counter = new CounterIterator(parts(chunks, Aggregate.COUNTER));
        while (counter.next()) {
            lines.add("%s counter %d %s".formatted(name, counter.timeMillis(), counter.total()));
        }
    }

    private static List<FloatIterator> parts(List<TimedChunk> chunks, Aggregate aggregate) throws IOException {
        List<FloatIterator> parts = new ArrayList<>();
        for (TimedChunk chunk : chunks) {
            AggregateChunk.Part part =
                    AggregateChunk.decode(chunk.chunk().data()).part(aggregate).orElseThrow();
            parts.add(new Chunk(part.encodingCode(), part.data()).floats());
        }
        return parts;
    }

    private ByteSource source(BlockId block, String path) {
        String key = block + "/" + path;
        return ByteSource.of(key, Objects.requireNonNull(bucket.bytes(key), key));
    }

    /// Every object by its key.
    Map<String, byte[]> content() {
        Map<String, byte[]> content = new TreeMap<>();
        bucket.keys("").forEach(key -> content.put(key, Objects.requireNonNull(bucket.bytes(key))));
        return content;
    }
}
