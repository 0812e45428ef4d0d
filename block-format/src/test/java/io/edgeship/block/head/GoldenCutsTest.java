package io.edgeship.block.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.LabelSet;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.sample.SampleIterator;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The samples of a block that Prometheus wrote, appended again, are cut into the same chunks, to the bit.
class GoldenCutsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final long SIX_MINUTES = Duration.ofMinutes(6).toMillis(); // how the 3.14 of these blocks was told

    /// Prometheus made the chunks of the series `late` when it merged out-of-order samples in: 120 samples each.
    @Test
    void floatsAreCutAsPrometheusCutsThem() throws IOException {
        assertThat(differing(
                        "prometheus-3.14/01M83GSE62ARGZ6NS2THBV0E4Q", new ChunkRules(SIX_MINUTES, false, false), 678))
                .containsExactly("late");
    }

    @Test
    void floatsWithStartTimestampsAreCutAsPrometheusCutsThem() throws IOException {
        assertThat(differing(
                        "prometheus-3.14/01M83GR348Y4934FR7CE7TVV09", new ChunkRules(SIX_MINUTES, true, false), 669))
                .containsExactly("late");
    }

    /// Of the chunk that was open when Prometheus wrote the block it leaves open what was before, here counts that went
    /// down; the other bits are the same.
    @Test
    void histogramsOfAllKindsAreCutAsPrometheusCutsThem() throws IOException {
        ChunkRules rules = new ChunkRules(Duration.ofHours(2).toMillis(), true, true);
        assertThat(differing("prometheus-3.14-start-timestamps/01M84GAHZ8Q664ZZWZWWTSKWQD", rules, 29))
                .isEmpty();
    }

    private static Set<String> differing(String block, ChunkRules rules, int series) throws IOException {
        Set<String> differing = new HashSet<>();
        int seen = 0;
        try (BlockReader reader = BlockReader.open(BlockFiles.of(GOLDEN.resolve(block)))) {
            BlockReader.Cursor cursor = reader.cursor();
            for (BlockReader.Series it = cursor.next(); it != null; it = cursor.next(), seen++) {
                List<TimedChunk> golden = it.readChunks();
                if (!bytes(golden).equals(bytes(appended(golden, rules)))) {
                    differing.add(it.labels().get(LabelSet.METRIC_NAME).orElseThrow());
                }
            }
        }
        assertThat(seen).isEqualTo(series);
        return differing;
    }

    private static List<TimedChunk> appended(List<TimedChunk> golden, ChunkRules rules) throws IOException {
        SeriesAppender appender = new SeriesAppender(rules);
        SampleIterator samples = new SampleIterator(golden);
        for (Sample sample = samples.next(); sample != null; sample = samples.next()) {
            appender.append(sample);
        }
        return appender.finish();
    }

    private static List<String> bytes(List<TimedChunk> chunks) {
        List<String> texts = new ArrayList<>();
        for (TimedChunk timed : chunks) {
            boolean isLast = timed.equals(chunks.getLast());
            byte[] data = (isLast ? timed.chunk().withoutCounterReset() : timed.chunk()).data();
            texts.add(timed.minTime() + "-" + timed.maxTime() + ":"
                    + HexFormat.of().formatHex(data));
        }
        return texts;
    }
}
