package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Directories that look like a Prometheus block; the queue does not look into the files.
public final class Blocks {
    public static final BlockId A = BlockId.parse("01J00000000000000000000AAA");
    public static final BlockId B = BlockId.parse("01J00000000000000000000BBB");
    public static final BlockId C = BlockId.parse("01J00000000000000000000CCC");
    public static final BlockId D = BlockId.parse("01J00000000000000000000DDD");
    public static final BlockId E = BlockId.parse("01J00000000000000000000EEE");

    public static final BlockId F = BlockId.parse("01J00000000000000000000FFF");
    public static final BlockId G = BlockId.parse("01J00000000000000000000GGG");
    public static final BlockId H = BlockId.parse("01J00000000000000000000HHH");
    public static final BlockId J = BlockId.parse("01J00000000000000000000JJJ");

    /// Made after the others, as its ULID says.
    public static final BlockId NEWER = BlockId.parse("01J00000000000000000000ZZZ");

    public static final String LABEL = "site";

    private Blocks() {}

    /// Writes a block of one segment with `chunkBytes` random bytes, seeded by the ULID.
    public static Path write(Path directory, BlockId id, int chunkBytes) throws IOException {
        Random random = new Random(id.low());
        Path block = Files.createDirectories(directory.resolve(id.toString()));
        Files.createDirectories(block.resolve("chunks"));
        Files.write(block.resolve("chunks/000001"), bytes(random, chunkBytes));
        Files.write(block.resolve("index"), bytes(random, 300));
        Files.write(block.resolve("tombstones"), bytes(random, 9));
        Files.write(block.resolve("meta.json"), meta(id).toJson());
        return block;
    }

    /// As Prometheus writes it; the later the ULID, the later the data.
    public static BlockMeta meta(BlockId id) {
        long minTime = id.low() & 0xffff;
        return BlockMeta.of(id, new TimeRange(minTime, minTime + 7200), new BlockMeta.Stats(10, 10, 0, 1, 1, 0));
    }

    /// As the agent seals it, of the files in `block`.
    public static BlockMeta sealed(BlockId id, Path block) throws IOException {
        List<BlockFile> files = List.of(
                new BlockFile("chunks/000001", Files.size(block.resolve("chunks/000001")), null),
                new BlockFile("index", Files.size(block.resolve("index")), null),
                new BlockFile("meta.json", 0, null));
        return meta(id).withThanos(ThanosMeta.of(Map.of(LABEL, "shop"), "sidecar", List.of("000001"), files));
    }

    public static Loss loss(BlockId id, Loss.Reason reason) {
        return Loss.newBuilder()
                .setVersion(1)
                .setUlid(id.toString())
                .setReason(reason)
                .setDetail("as the test wants it")
                .build();
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
