package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.TimeRange;
import io.edgeship.block.rewrite.BlockRewriter;
import io.edgeship.block.rewrite.RewriteOrder;
import io.edgeship.block.sample.FloatHistogramSample;
import io.edgeship.block.sample.FloatSample;
import io.edgeship.block.sample.HistogramSample;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.sample.SampleIterator;
import io.edgeship.block.synthetic.SyntheticBlocks;
import io.edgeship.block.synthetic.SyntheticSpec;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.demo.LocalPrometheus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real Prometheus started on blocks of every kind that we write answers with every sample in them.
class WrittenBlocksIT {
    private static final Path GOLDEN = Path.of("../block-format/src/test/resources/golden");

    @TempDir
    private Path dir;

    @Test
    void prometheusAnswersWithEverySampleOfTheBlocksThatWeWrite() throws Exception {
        LocalPrometheus.Setup setup = new LocalPrometheus.Setup(Program.prometheus(), dir.resolve("prometheus"))
                .flag("--storage.tsdb.retention.time=100y");
        Path data = Files.createDirectories(setup.dataDir());
        List<Path> blocks = write(data);

        try (LocalPrometheus prometheus = setup.start()) {
            PrometheusApi api = new PrometheusApi(prometheus.url());
            for (Path block : blocks) {
                Content content = Content.of(block);
                assertThat(Samples.differences(content.floats, floats(api, block, content)))
                        .as(block.toString())
                        .isEmpty();
                if (Program.isNamed("EDGESHIP_PROMETHEUS")) { // older ones cannot read custom buckets
                    assertThat(histograms(api, block, content))
                            .as(block.toString())
                            .isEqualTo(content.histograms);
                }
            }
        }
        assertThat(blocks).allSatisfy(block -> assertThat(block).isDirectory());
    }

    private List<Path> write(Path data) throws Exception {
        SyntheticSpec spec = SyntheticSpec.parse("sites=1,series=200,days=1,step=60s");
        List<Path> blocks = new ArrayList<>(SyntheticBlocks.write(spec, 0, data, _ -> {}));
        Path regular = GOLDEN.resolve("prometheus-3.14/01M83GSE62ARGZ6NS2THBV0E4Q");
        Path late = GOLDEN.resolve("prometheus-3.14/01M83GSE5DPDK87AWYMSGXDHS9");
        Path withStarts = GOLDEN.resolve("prometheus-3.14-start-timestamps/01M84GAHZ8Q664ZZWZWWTSKWQD");
        blocks.add(rewrite(List.of(regular, late), data));
        blocks.add(rewrite(List.of(withStarts), data));
        return blocks;
    }

    private static Path rewrite(List<Path> dirs, Path data) throws Exception {
        RewriteOrder order = RewriteOrder.of(dirs, new TreeMap<>());
        return BlockRewriter.rewrite(order, data, _ -> {}).orElseThrow().dir();
    }

    private static Samples floats(PrometheusApi api, Path block, Content content) throws Exception {
        TimeRange range = range(block);
        String names = String.join("|", content.histograms.keySet());
        String query = "{__name__=~\".+\",__name__!~\"%s\"}[%dms]".formatted(names, range.maxTime() - range.minTime());
        return api.answer(query, range.maxTime() - 1).within(range.minTime(), range.maxTime());
    }

    private static Map<String, Long> histograms(PrometheusApi api, Path block, Content content) throws Exception {
        TimeRange range = range(block);
        Map<String, Long> counts = new TreeMap<>();
        for (String name : content.histograms.keySet()) {
            String query =
                    "sum(count_over_time({__name__=\"%s\"}[%dms]))".formatted(name, range.maxTime() - range.minTime());
            Samples answer = api.answer(query, range.maxTime() - 1);
            counts.put(name, (long) answer.onlyValue());
        }
        return counts;
    }

    private static TimeRange range(Path block) throws Exception {
        return BlockMeta.read(block.resolve(BlockMeta.FILE_NAME)).range();
    }

    /// What a query can answer of a block: stale markers it cannot.
    private static final class Content {
        private final Samples floats = new Samples();
        private final Map<String, Long> histograms = new TreeMap<>();

        static Content of(Path block) throws Exception {
            Content content = new Content();
            try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
                BlockReader.Cursor cursor = reader.cursor();
                for (BlockReader.Series series = cursor.next(); series != null; series = cursor.next()) {
                    SampleIterator it = new SampleIterator(series.readChunks());
                    for (Sample sample = it.next(); sample != null; sample = it.next()) {
                        content.add(series.labels().toMap(), sample);
                    }
                }
            }
            return content;
        }

        private void add(Map<String, String> labels, Sample sample) {
            String name = String.valueOf(labels.get("__name__"));
            switch (sample) {
                case FloatSample it
                when it.valueBits() != Samples.STALE_BITS ->
                    floats.add(labels, new Samples.Sample(it.timeMillis(), it.valueBits()).withOneNaN());
                case FloatSample _ -> {}
                case HistogramSample it -> histograms.merge(name, it.histogram().isStaleMarker() ? 0L : 1, Long::sum);
                case FloatHistogramSample it ->
                    histograms.merge(name, it.histogram().isStaleMarker() ? 0L : 1, Long::sum);
            }
        }
    }
}
