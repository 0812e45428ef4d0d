package io.edgeship.block.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.LabelSet;
import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.NoSink;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestBlocks;
import io.edgeship.block.testing.TestChunk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackTest {
    private static final long SEED = 20_261_126;

    /// Few on every build; CONTRIBUTING.md says how to try more.
    private static final int ODD_BLOCKS = Integer.getInteger("edgeship.packs", 20);

    private static final int MANY_SERIES = 250 * ODD_BLOCKS;
    private static final PackLimits LIMITS = new PackLimits(1 << 20, 1 << 20);

    @TempDir
    Path dir;

    @Test
    void oddBlocksComeBackToTheByte() throws IOException {
        int columnar = 0;
        for (int i = 0; i < ODD_BLOCKS; i++) {
            String of = "block %d of seed %d".formatted(i, SEED);
            Path block = OddBlocks.write(new Random(SEED + i), dir.resolve("block" + i));
            Path pack = dir.resolve(i + ".pack");

            columnar += BlockPacker.pack(block, pack).isColumnar() ? 1 : 0;

            Map<String, byte[]> again = unpack(Files.readAllBytes(pack));
            assertThat(again.keySet()).as(of).isEqualTo(Blocks.files(block).keySet());
            again.forEach(
                    (path, bytes) -> assertThat(bytes).as("%s of %s", path, of).isEqualTo(Blocks.file(block, path)));
        }
        assertThat(columnar).as("blocks that the columns had").isGreaterThan(ODD_BLOCKS / 3);
    }

    @Test
    void columnsHaveOddBlocksTooWhereverTheyAreSmaller() throws IOException {
        for (int i = 0; i < ODD_BLOCKS; i++) {
            Path block = OddBlocks.write(new Random(SEED + i), dir.resolve("block" + i));
            Map<String, byte[]> pack = new TreeMap<>();

            new ColumnPacker(block, PackWatcher.NONE).columns(Blocks.sink("pack", pack), ColumnPacker.CostWatcher.NONE);

            Map<String, byte[]> again = unpack(pack.values().iterator().next());
            again.forEach((path, bytes) ->
                    assertThat(bytes).as("%s of seed %d", path, SEED).isEqualTo(Blocks.file(block, path)));
        }
    }

    @Test
    void everyCutIsRefused() throws IOException {
        byte[] pack = soundPack();
        for (int cut = 0; cut < pack.length; cut++) {
            byte[] shorter = Arrays.copyOf(pack, cut);
            assertThatThrownBy(() -> unpack(shorter)).as("cut at %d", cut).isInstanceOf(CorruptFormatException.class);
        }
    }

    /// The corpus of the fuzzer has every bit of it, with checksums that are right.
    @Test
    void everyChangedByteIsRefused() throws IOException {
        byte[] pack = soundPack();
        Random random = new Random(SEED);
        for (int at = 0; at < pack.length; at++) {
            byte[] changed = pack.clone();
            changed[at] ^= (byte) random.nextInt(1, 256);
            assertThatThrownBy(() -> unpack(changed))
                    .as("byte %d of seed %d", at, SEED)
                    .isInstanceOfAny(CorruptFormatException.class, UnsupportedVersionException.class);
        }
    }

    @Test
    void moreThanTheLimitsIsRefusedBeforeAFileIsBegun() throws IOException {
        byte[] pack = soundPack();
        List<String> begun = new ArrayList<>();

        assertThatThrownBy(() -> BlockUnpacker.unpack(ByteSource.of("p", pack), new PackLimits(1000, 100), path -> {
                    begun.add(path);
                    return new NoSink(path);
                }))
                .isInstanceOf(CorruptFormatException.class)
                .hasMessageContaining("allow");
        assertThat(begun).isEmpty();
    }

    @Test
    void metaJsonIsTheLastFileToBeBegun() throws IOException {
        List<String> begun = new ArrayList<>();
        BlockUnpacker.unpack(ByteSource.of("p", soundPack()), LIMITS, path -> {
            begun.add(path);
            return new NoSink(path);
        });

        assertThat(begun).containsExactly("index", "chunks/000001", "meta.json");
    }

    @Test
    void aDamagedBlockTravelsAsItsFiles() throws IOException {
        Path block = TestBlocks.sound().write(dir);
        byte[] index = Files.readAllBytes(block.resolve("index"));
        index[index.length / 2] ^= 1;
        Files.write(block.resolve("index"), index);

        PackStats stats = BlockPacker.pack(block, dir.resolve("pack"));

        assertThat(stats.isColumnar()).isFalse();
        assertThat(unpack(Files.readAllBytes(dir.resolve("pack"))).get("index")).isEqualTo(index);
    }

    @Test
    void anIndexOfVersionOneTravelsAsItIs() throws IOException {
        Path block = TestBlocks.sound().indexVersion(1).write(dir);

        assertThat(BlockPacker.pack(block, dir.resolve("pack")).isColumnar()).isFalse();
    }

    @Test
    void aFileThatNoBlockHasIsNotLeftOut() throws IOException {
        Path block = TestBlocks.sound().write(dir);
        Files.createDirectories(block.resolve("more"));

        assertThatThrownBy(() -> BlockPacker.pack(block, dir.resolve("pack")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more");
        assertThat(dir.resolve("pack")).doesNotExist();
    }

    @Test
    void whatIsThereIsNotReplaced() throws IOException {
        Path block = TestBlocks.sound().write(dir);
        Path pack = dir.resolve("pack");
        BlockPacker.pack(block, pack);

        assertThatThrownBy(() -> BlockPacker.pack(block, pack)).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> UnpackedDirectory.of(pack, block)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void costsAreToldByMetricTheDearestFirst() throws IOException {
        Path block = TestBlocks.sound().write(dir);

        List<MetricCosts.Cost> costs = MetricCosts.of(block);

        assertThat(costs).hasSize(1);
        assertThat(costs.getFirst().metric()).isEqualTo("up");
        assertThat(costs.getFirst().series()).isEqualTo(3);
        assertThat(costs.getFirst().samples()).isEqualTo(21);
    }

    @Test
    void manySeriesOfOneSampleComeBackToTheByte() throws IOException {
        TestBlock many = TestBlock.of(TestBlocks.ID, TestBlocks.TWO_HOURS);
        for (int i = 0; i < MANY_SERIES; i++) {
            String number = String.valueOf(MANY_SERIES + i);
            many.series(
                    LabelSet.ofSorted("__name__", "m", "id", "1".repeat(15) + number),
                    TestChunk.of(i % 1000, 15_000, i / 7.0));
        }
        Path block = many.write(dir);

        assertThat(BlockPacker.pack(block, dir.resolve("pack")).isColumnar()).isTrue();
        unpack(Files.readAllBytes(dir.resolve("pack")))
                .forEach((path, bytes) -> assertThat(bytes).as(path).isEqualTo(Blocks.file(block, path)));
    }

    @Test
    void aWatcherSeesEveryByteOfTheBlockTwice() throws IOException {
        List<Long> seen = new ArrayList<>();
        Path block = TestBlocks.sound().write(dir);
        PackStats stats = BlockPacker.pack(block, dir.resolve("pack"), (done, total) -> {
            assertThat(done).isLessThanOrEqualTo(total);
            seen.add(done);
        });

        assertThat(seen).last().isEqualTo(2 * stats.rawBytes());
    }

    private byte[] soundPack() throws IOException {
        Map<String, byte[]> pack = new TreeMap<>();
        Path block = TestBlocks.sound().write(dir);
        new ColumnPacker(block, PackWatcher.NONE).columns(Blocks.sink("pack", pack), ColumnPacker.CostWatcher.NONE);
        return pack.values().iterator().next();
    }

    private static Map<String, byte[]> unpack(byte[] pack) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        BlockUnpacker.unpack(ByteSource.of("pack", pack), PackLimits.DEFAULT, path -> Blocks.sink(path, files));
        return files;
    }
}
