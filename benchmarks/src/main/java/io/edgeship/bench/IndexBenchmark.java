package io.edgeship.bench;

import io.edgeship.block.synthetic.SyntheticBlocks;
import io.edgeship.block.synthetic.SyntheticSpec;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.Matcher;
import io.edgeship.block.tsdb.index.SeriesCursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What reading the index of a block of 10 000 series takes.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class IndexBenchmark {
    private Path dir = Path.of("");
    private Path block = Path.of("");

    @Setup
    public void setup() throws IOException {
        dir = Files.createTempDirectory("edgeship-bench");
        SyntheticSpec spec = SyntheticSpec.parse("sites=1,series=10000,days=1,step=10m");
        block = SyntheticBlocks.write(spec, 0, dir, _ -> {}).getFirst();
    }

    @TearDown
    public void tearDown() throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Benchmark
    public int open() throws IOException {
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            return reader.index().version();
        }
    }

    @Benchmark
    public long everySeries() throws IOException {
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            long chunks = 0;
            for (SeriesCursor cursor = reader.index().cursor(); cursor.next(); ) {
                chunks += cursor.entry().chunks().size()
                        + reader.index().labels(cursor.entry()).size();
            }
            return chunks;
        }
    }

    @Benchmark
    public long equalMatcher() throws IOException {
        return count("app_requests_total{job=\"app\"}");
    }

    @Benchmark
    public long regexMatcher() throws IOException {
        return count("{__name__=~\"http_.*\",instance!~\"10.0.0.(1|2):9100\"}");
    }

    private long count(String selector) throws IOException {
        List<Matcher> matchers = Matcher.parse(selector);
        long[] series = new long[1];
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            reader.forEachSeries(matchers, _ -> series[0]++);
        }
        return series[0];
    }
}
