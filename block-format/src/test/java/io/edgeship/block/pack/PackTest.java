package io.edgeship.block.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.testing.TestBlocks;
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
    private static final int ODD_BLOCKS = 200;
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

            new ColumnPacker(block).columns(Blocks.sink("pack", pack), ColumnPacker.CostWatcher.NONE);

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

    @Test
    void everyFlippedBitIsRefused() throws IOException {
        byte[] pack = soundPack();
        for (int bit = 0; bit < pack.length * Byte.SIZE; bit++) {
            byte[] changed = pack.clone();
            changed[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            assertThatThrownBy(() -> unpack(changed))
                    .as("bit %d", bit)
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

    private byte[] soundPack() throws IOException {
        Map<String, byte[]> pack = new TreeMap<>();
        Path block = TestBlocks.sound().write(dir);
        new ColumnPacker(block).columns(Blocks.sink("pack", pack), ColumnPacker.CostWatcher.NONE);
        return pack.values().iterator().next();
    }

    private static Map<String, byte[]> unpack(byte[] pack) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        BlockUnpacker.unpack(ByteSource.of("pack", pack), PackLimits.DEFAULT, path -> Blocks.sink(path, files));
        return files;
    }
}
