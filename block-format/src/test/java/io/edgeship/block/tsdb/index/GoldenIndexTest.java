package io.edgeship.block.tsdb.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.LabelSet;
import io.edgeship.block.encoding.FileSink;
import io.edgeship.block.encoding.FileSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every index that real programs wrote, read and written again, is the same to the byte.
class GoldenIndexTest {
    private static final Path GOLDEN = Path.of(System.getProperty("edgeship.golden", "src/test/resources/golden"));

    @TempDir
    private Path dir;

    @Test
    void everyGoldenIndexIsWrittenToTheSameBytes() throws IOException {
        List<Path> indexes = indexes();
        assertThat(indexes).hasSizeGreaterThan(3);
        for (Path index : indexes) {
            Path again = dir.resolve("index");
            IndexDialect dialect = IndexDialect.SINCE_3_7;
            write(index, again, dialect);
            if (Files.mismatch(index, again) >= 0) {
                Files.delete(again);
                dialect = IndexDialect.BEFORE_3_7;
                write(index, again, dialect);
            }
            assertThat(Files.mismatch(index, again))
                    .as("first difference in %s, %s", index, dialect)
                    .isNegative();
            Files.delete(again);
        }
    }

    private static List<Path> indexes() throws IOException {
        try (Stream<Path> files = Files.walk(GOLDEN)) {
            return files.filter(file -> file.endsWith("index") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
    }

    private static void write(Path from, Path to, IndexDialect dialect) throws IOException {
        try (IndexReader reader = IndexReader.open(FileSource.open(from))) {
            List<String> symbols = new ArrayList<>();
            for (long ref = 0; ref < reader.symbols().count(); ref++) {
                symbols.add(reader.symbols().get(ref));
            }
            try (IndexWriter writer = IndexWriter.create(FileSink.create(to), dialect, SymbolTable.of(symbols))) {
                reader.forEachSeries(series -> writer.series(reader.labels(series), series.chunks()));
                writer.finish();
            }
        }
    }

    @Test
    void symbolsOutOfOrderAreRefused() {
        assertThatThrownBy(() -> SymbolTable.of(List.of("b", "a"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void seriesOutOfOrderAndUnknownSymbolsAreRefused() throws IOException {
        try (IndexWriter writer = IndexWriter.create(
                FileSink.create(dir.resolve("index")),
                IndexDialect.SINCE_3_7,
                SymbolTable.of(List.of("a", "b", "c")))) {
            writer.series(LabelSet.ofSorted("a", "c"), List.of());
            assertThatThrownBy(() -> writer.series(LabelSet.ofSorted("a", "b"), List.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("comes after");
            assertThatThrownBy(() -> writer.series(LabelSet.ofSorted("a", "d"), List.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'d'");
        }
    }
}
