package io.edgeship.block.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgeship.block.tsdb.chunks.Encoding;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever is selected of a block that Prometheus wrote, `promtool tsdb dump --match` selects the same.
class PromtoolMatchTest {
    private static final String BLOCK = "01M83GSE62ARGZ6NS2THBV0E4Q";
    private static final Path GOLDEN = Path.of("src/test/resources/golden/prometheus-3.14");

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up",
                "up{job=\"self\"}",
                "{job!=\"self\"}",
                "{job=\"\"}",
                "{le=\"\",job=\"self\"}",
                "{le!=\"\"}",
                "{__name__=~\"go_.*\"}",
                "{__name__=~\"go_gc.+|up\"}",
                "{__name__=~\"up|scrape_duration_seconds\"}",
                "{__name__=~\"up\"}",
                "{__name__=~\"u\"}",
                "{__name__!~\"go_.*|prometheus_.*\"}",
                "{le=~\"[0-9]+\",quantile=~\".*\"}",
                "{quantile=~\"0\\\\.[0-9]+\"}",
                "{quantile=~\"0.5|\",__name__=~\"(?i)GO_GC.*\"}",
                "{quantile!~\"0.5|\"}",
                "{quantile!~\".+\",job=\"fake\"}",
                "{absent=~\".+\"}",
                "{absent!=\"x\",__name__=\"up\"}",
                "{__name__=~\".*\\\\bseconds\\\\b\"}",
                "{__name__=~\"[[:alpha:]]{2}\"}",
                "{instance=~\"127.0.0.1:92(91|99)\",__name__=~\"^up$\"}",
                "{job=~\"sel|f\"}",
            })
    void promtoolSelectsTheSameSeries(String selector) throws IOException, InterruptedException {
        Optional<Path> promtool = promtool();
        assumeTrue(promtool.isPresent(), "SKIPPED: no promtool found on the PATH");
        Set<String> ours = new TreeSet<>();
        try (BlockReader block = BlockReader.open(BlockFiles.of(GOLDEN.resolve(BLOCK)))) {
            block.forEachSeries(Matcher.parse(selector), series -> {
                Encoding encoding =
                        block.chunk(series.chunks().getFirst().ref()).encoding();
                if (encoding.holdsFloats()) { // older ones dump nothing else
                    ours.add(series.labels().toString());
                }
            });
        }
        assertThat(ours).isEqualTo(dump(promtool.orElseThrow(), selector));
    }

    private Set<String> dump(Path promtool, String selector) throws IOException, InterruptedException {
        copy(GOLDEN.resolve(BLOCK), dir.resolve(BLOCK));
        Files.createDirectory(dir.resolve("wal"));
        Path out = dir.resolve("out");
        Path err = dir.resolve("err");
        Process process = new ProcessBuilder(promtool.toString(), "tsdb", "dump", "--match=" + selector, dir.toString())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(err)).isZero();
        } finally {
            process.destroyForcibly();
        }
        try (Stream<String> lines = Files.lines(out)) {
            return lines.filter(line -> !line.contains("} {count:"))
                    .map(line -> line.substring(0, line.lastIndexOf('}') + 1))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private static Optional<Path> promtool() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(entry -> Path.of(entry, "promtool"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
