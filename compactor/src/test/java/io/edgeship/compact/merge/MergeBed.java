package io.edgeship.compact.merge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.synthetic.SyntheticBlocks;
import io.edgeship.block.synthetic.SyntheticSpec;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.memory.MemoryBucket;
import io.edgeship.compact.plan.CompactionPlan;
import io.edgeship.compact.plan.Stream;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Blocks of made-up sites in a bucket.
final class MergeBed {
    private MergeBed() {}

    /// @param spec as `edgeship block create --synthetic` takes it
    static void fill(Bucket bucket, Path scratch, String spec) throws IOException {
        SyntheticSpec sites = SyntheticSpec.parse(spec);
        for (int site = 0; site < sites.sites(); site++) {
            for (Path block : SyntheticBlocks.write(sites, site, scratch, _ -> {})) {
                upload(bucket, block);
            }
        }
    }

    private static void upload(Bucket bucket, Path block) throws IOException {
        try (java.util.stream.Stream<Path> tree = Files.walk(block)) {
            for (Path file : tree.filter(Files::isRegularFile).sorted().toList()) {
                String key = block.getFileName() + "/" + block.relativize(file);
                bucket.put(key, Body.of(Files.readAllBytes(file)));
            }
        }
    }

    static List<BucketBlock> blocks(Bucket bucket) throws IOException {
        return new BucketSync(bucket).sync().blocks();
    }

    static BlockId id(BucketBlock block) {
        return block.meta().id();
    }

    /// A plan that merges these into one block and its downsampled ones.
    static CompactionPlan plan(List<BucketBlock> sources, List<Long> resolutions) {
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        for (BucketBlock source : sources) {
            from = Math.min(from, source.meta().range().minTime());
            to = Math.max(to, source.meta().range().maxTime());
        }
        return new CompactionPlan(
                Stream.of(sources.getFirst(), List.of()),
                sources,
                new TimeRange(from, to),
                resolutions,
                sources,
                false,
                new CompactionPlan.Cost(0, 0, 0, 0, 0),
                "a test");
    }

    /// What anybody reads: every object but the time that a meta.json gives.
    static Map<String, String> content(MemoryBucket bucket) throws IOException {
        Map<String, String> content = new TreeMap<>();
        for (String key : bucket.keys("")) {
            byte[] bytes = Objects.requireNonNull(bucket.bytes(key));
            String text = key.endsWith("/meta.json")
                    ? new String(bytes, UTF_8).replaceAll("\"upload_time\": \"[^\"]*\"", "")
                    : Digests.of(bytes).parts().getFirst().md5Hex();
            content.put(key, text);
        }
        return content;
    }
}
