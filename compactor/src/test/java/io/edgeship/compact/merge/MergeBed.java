package io.edgeship.compact.merge;

import io.edgeship.block.BlockId;
import io.edgeship.block.synthetic.SyntheticBlocks;
import io.edgeship.block.synthetic.SyntheticSpec;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

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
        try (Stream<Path> tree = Files.walk(block)) {
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
}
