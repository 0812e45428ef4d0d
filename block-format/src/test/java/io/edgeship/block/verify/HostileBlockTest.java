package io.edgeship.block.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.edgeship.block.LabelSet;
import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.FormatReader;
import io.edgeship.block.testing.Flaw;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestBlocks;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.index.IndexReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever the bytes say, the answer is a verdict, soon, for little memory.
@Timeout(60)
class HostileBlockTest {
    private static final long ALLOCATED_MAX = 32 << 20;
    private static final int[] PATTERNS = {0x01, 0x80, 0xFF};
    private static final List<String> FILES = List.of("meta.json", "index", "chunks/000001", "tombstones");
    private static final byte[] NO_TOMBSTONES = {0x01, 0x30, (byte) 0xBA, 0x30, 1, 0, 0, 0, 0};

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void everyFlippedBitEndsInAVerdict(int indexVersion) throws IOException {
        Path block = sound(indexVersion);
        for (String name : FILES) {
            Path file = block.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            for (int bit = 0; bit < whole.length * Byte.SIZE; bit++) {
                byte[] changed = whole.clone();
                changed[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
                verify(block, file, changed);
            }
            Files.write(file, whole);
        }
        assertThat(BlockVerifier.verify(block)).isInstanceOf(Verdict.Sound.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void everyCutEndsInTheVerdictThatTheBlockIsBroken(int indexVersion) throws IOException {
        Path block = sound(indexVersion);
        for (String name : FILES) {
            Path file = block.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            for (int cut = 0; cut < whole.length; cut++) {
                assertThat(verify(block, file, Arrays.copyOf(whole, cut)))
                        .as("%s cut at %d", name, cut)
                        .isInstanceOf(Verdict.Broken.class);
            }
            Files.write(file, whole);
        }
    }

    /// Checksums stop accidents, not people: here every changed section has a checksum that is right.
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void everyChangedByteUnderARightChecksumEndsInAVerdict(int indexVersion) throws IOException {
        Path block = sound(indexVersion);
        Path file = block.resolve("index");
        byte[] whole = Files.readAllBytes(file);
        int broken = 0;
        int tried = 0;
        for (Section section : sections(whole)) {
            for (int at = section.begin(); at < section.end(); at++) {
                for (int pattern : PATTERNS) {
                    byte[] changed = whole.clone();
                    changed[at] ^= (byte) pattern;
                    CRC32C crc = new CRC32C();
                    crc.update(changed, section.begin(), section.end() - section.begin());
                    ByteBuffer.wrap(changed).putInt(section.end(), (int) crc.getValue());
                    tried++;
                    broken += verify(block, file, changed) instanceof Verdict.Broken ? 1 : 0;
                }
            }
        }
        assertThat(tried).isGreaterThan(500);
        assertThat(broken).isGreaterThan(tried / 2); // the rest only renames labels
    }

    @Test
    void aListOfAllSeriesThatIsNamedManyTimesIsReadOnce() throws IOException {
        Path block = TestBlocks.sound().with(Flaw.ALL_SERIES_LISTED_TWICE).write(dir);

        assertThat(BlockVerifier.verify(block))
                .isInstanceOfSatisfying(
                        Verdict.Broken.class,
                        broken -> assertThat(broken.violations())
                                .extracting(Violation::rule)
                                .containsExactly(Rule.POSTINGS_ORDERED));
    }

    @Test
    void listsOfPostingsThatShareBytesAreNotReadOverAndOver() throws IOException {
        TestBlock block = TestBlock.of(TestBlocks.ID, TestBlocks.TWO_HOURS).with(Flaw.POSTINGS_SHARED);
        for (int i = 0; i < 500; i++) {
            block.series(LabelSet.ofSorted("__name__", "m" + i), TestChunk.of(0, 1, 1));
        }

        assertThat(BlockVerifier.verify(block.write(dir)))
                .isInstanceOfSatisfying(
                        Verdict.Broken.class,
                        broken -> assertThat(broken.violations())
                                .singleElement()
                                .satisfies(violation -> {
                                    assertThat(violation.rule()).isEqualTo(Rule.INDEX_READABLE);
                                    assertThat(violation.detail()).isEqualTo("lists of postings share bytes");
                                }));
    }

    @Test
    void labelsLongerThanAnyRealOnesAreNotHeld() throws IOException {
        String large = "x".repeat(3 << 20);
        Path block = TestBlock.of(TestBlocks.ID, TestBlocks.TWO_HOURS)
                .series(LabelSet.ofSorted("a", large, "b", large + "y"), TestChunk.of(0, 1, 1))
                .write(dir);

        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            assertThatThrownBy(() -> reader.forEachSeries(List.of(), _ -> {}))
                    .isInstanceOf(CorruptFormatException.class)
                    .hasMessageContaining("labels of a series are longer than 4194304 characters");
        }
    }

    private Path sound(int indexVersion) throws IOException {
        Path block = TestBlocks.sound().indexVersion(indexVersion).write(dir);
        Files.write(block.resolve("tombstones"), NO_TOMBSTONES);
        assertThat(BlockVerifier.verify(block)).isInstanceOf(Verdict.Sound.class);
        return block;
    }

    private static Verdict verify(Path block, Path file, byte[] changed) throws IOException {
        Files.write(file, changed);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Verdict verdict = BlockVerifier.verify(block);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(ALLOCATED_MAX);
        return verdict;
    }

    /// From the first byte that a checksum covers to the checksum.
    private record Section(int begin, int end) {}

    private static List<Section> sections(byte[] index) throws IOException {
        List<Section> sections = new ArrayList<>();
        IndexReader reader = IndexReader.open(ByteSource.of("index", index));
        reader.forEachSeries(entry -> {
            FormatReader in = new FormatReader(ByteSource.of("index", index));
            in.seek(entry.offset(), "entry");
            int length = in.length("length");
            sections.add(new Section((int) in.position(), (int) in.position() + length));
        });
        reader.forEachPostings((_, _, offset) -> sections.add(table(index, offset)));
        sections.add(table(index, reader.postingsTableOffset()));
        sections.add(table(index, 5)); // the symbols
        sections.add(new Section(index.length - 52, index.length - 4)); // the table of contents
        return sections;
    }

    private static Section table(byte[] index, long offset) {
        int begin = (int) offset + Integer.BYTES;
        return new Section(begin, begin + ByteBuffer.wrap(index).getInt((int) offset));
    }
}
