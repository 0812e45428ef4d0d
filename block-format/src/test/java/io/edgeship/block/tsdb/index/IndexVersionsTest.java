package io.edgeship.block.tsdb.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.testing.TestBlocks;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.BlockReader.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Version 1 is written here by our own test writer, from the package's page, without the label indices that programs
/// of its time wrote: no block of theirs is at hand. Indexes of version 2 that Prometheus wrote are read in
/// `BlockReaderTest`.
class IndexVersionsTest {
    @TempDir
    private Path dir;

    @Test
    void versionOneHoldsWhatVersionTwoHolds() throws IOException {
        Path one = TestBlocks.sound().indexVersion(1).write(dir.resolve("one"));
        Path two = TestBlocks.sound().write(dir.resolve("two"));

        assertThat(samples(one, 1)).hasSize(3).isEqualTo(samples(two, 2));
        assertThat(one.resolve("chunks/000001")).hasSameBinaryContentAs(two.resolve("chunks/000001"));
    }

    @Test
    void aSeriesOfVersionOneIsNamedByItsOffset() throws IOException {
        byte[] index =
                Files.readAllBytes(TestBlocks.sound().indexVersion(1).write(dir).resolve("index"));
        List<Long> offsets = new ArrayList<>();
        List<Long> listed = new ArrayList<>();
        try (IndexReader reader = IndexReader.open(ByteSource.of("index", index))) {
            reader.forEachSeries(entry -> {
                assertThat(entry.ref()).isEqualTo(entry.offset());
                offsets.add(entry.offset());
            });
            reader.forEachPostings((name, _, offset) -> {
                if (name.isEmpty()) {
                    reader.postings(offset, listed::add);
                }
            });
        }
        assertThat(listed).hasSize(3).isEqualTo(offsets);
    }

    @Test
    void versionThreeIsVersionTwoWithAnotherNumber() throws IOException {
        Path three = TestBlocks.sound().indexVersion(3).write(dir.resolve("three"));
        Path two = TestBlocks.sound().write(dir.resolve("two"));

        assertThat(samples(three, 3)).hasSize(3).isEqualTo(samples(two, 2));
    }

    @Test
    void aLaterVersionIsRefusedByItsNumber() throws IOException {
        byte[] index = Files.readAllBytes(TestBlocks.sound().write(dir).resolve("index"));
        index[4] = 4;

        assertThatThrownBy(() -> IndexReader.open(ByteSource.of("index", index)))
                .isInstanceOf(UnsupportedVersionException.class)
                .hasMessage("index has format version 4; this build reads up to 3");
    }

    private static Map<String, List<Sample>> samples(Path block, int version) throws IOException {
        Map<String, List<Sample>> samples = new TreeMap<>();
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            assertThat(reader.index().version()).isEqualTo(version);
            reader.forEachSeries(List.of(), series -> {
                List<Sample> list = samples.computeIfAbsent(series.labels().toString(), _ -> new ArrayList<>());
                series.forEachSample((time, bits) -> list.add(new Sample(time, bits)));
            });
        }
        return samples;
    }
}
