package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.bucket.Bucket;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// What a bucket holds as Thanos sees it, downloaded: a block whose `sources` another block's hold too is hidden.
record Shipped(List<BucketBlock> blocks, Path dir) {
    private static final String META = "meta.json";

    Shipped {
        blocks = List.copyOf(blocks);
    }

    static Shipped download(Bucket bucket, Path dir) throws IOException {
        List<BucketBlock> all = new BucketSync(bucket).sync().blocks();
        List<BucketBlock> visible = all.stream()
                .filter(block -> all.stream().noneMatch(other -> hides(other, block)))
                .toList();
        Files.createDirectories(dir.resolve("wal")); // without it promtool 2.42 opens nothing
        for (BucketBlock block : visible) {
            assertThat(block.missing()).as("what %s lacks", block.meta().id()).isEmpty();
            download(bucket, block, dir);
        }
        return new Shipped(visible, dir);
    }

    private static boolean hides(BucketBlock other, BucketBlock block) {
        Set<BlockId> sources = new HashSet<>(block.meta().compaction().sources());
        Set<BlockId> otherSources = new HashSet<>(other.meta().compaction().sources());
        return other.labels().equals(block.labels())
                && otherSources.size() > sources.size()
                && otherSources.containsAll(sources);
    }

    private static void download(Bucket bucket, BucketBlock block, Path dir) throws IOException {
        BlockId id = block.meta().id();
        for (var file : Objects.requireNonNull(block.meta().thanos(), "no thanos section")
                .files()) {
            Path to = dir.resolve(id.toString()).resolve(file.relativePath());
            Files.createDirectories(to.resolveSibling("."));
            try (InputStream in = bucket.get(id + "/" + file.relativePath())) {
                Files.copy(in, to);
            }
        }
        assertThat(dir.resolve(id.toString()).resolve(META)).exists();
    }

    /// Milliseconds, inclusive.
    long minTime() {
        return blocks.stream()
                .mapToLong(block -> block.meta().range().minTime())
                .min()
                .orElseThrow();
    }

    /// Milliseconds, exclusive.
    long maxTime() {
        return blocks.stream()
                .mapToLong(block -> block.meta().range().maxTime())
                .max()
                .orElseThrow();
    }

    /// Every sample, by our own reader.
    Samples samples() throws IOException {
        Samples samples = new Samples();
        for (BucketBlock block : blocks) {
            read(dir.resolve(block.meta().id().toString()), samples);
        }
        return samples;
    }

    /// Adds every sample of a block to `samples`.
    static void read(Path block, Samples samples) throws IOException {
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            reader.forEachSeries(
                    List.of(),
                    series -> assertThat(series.forEachSample((time, bits) ->
                                    samples.add(series.labels().toMap(), new Samples.Sample(time, bits))))
                            .as("encodings passed over")
                            .isEmpty());
        }
    }

    /// Holds our reader's samples against what Prometheus answers and what promtool prints, from `minTime` (inclusive)
    /// to `maxTime` (exclusive): equal, none missing, none doubled.
    void assertHoldsWhat(PrometheusApi prometheus, Path promtool, long minTime, long maxTime)
            throws IOException, InterruptedException {
        assertHoldsWhat(prometheus, promtool, minTime, maxTime, new Samples());
    }

    /// As above, but samples that are in `held` need not be in the bucket.
    void assertHoldsWhat(PrometheusApi prometheus, Path promtool, long minTime, long maxTime, Samples held)
            throws IOException, InterruptedException {
        Samples read = samples().within(minTime, maxTime);
        Samples kept = read.with(held.within(minTime, maxTime));
        Samples answered = prometheus.rawSamples(minTime, maxTime);
        assertThat(answered.count()).as("samples that Prometheus answers").isGreaterThan(1000);
        assertThat(Samples.differences(answered, kept.withoutStaleMarkers()))
                .as("Prometheus' samples, by our reader")
                .isEmpty();
        assertThat(Samples.differences(PromtoolDump.of(promtool, dir).within(minTime, maxTime), read))
                .as("promtool's samples, by our reader")
                .isEmpty();
    }
}
