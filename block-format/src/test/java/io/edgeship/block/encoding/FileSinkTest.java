package io.edgeship.block.encoding;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest {
    @TempDir
    private Path dir;

    @Test
    void whatGoesWrongWithAFileNamesIt() throws IOException {
        Path file = dir.resolve("index");
        FileSink sink = FileSink.create(file);
        sink.close();

        assertThatThrownBy(() -> sink.write(new byte[1], 0, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(sink::finish).isInstanceOf(IOException.class).hasMessageContaining(file.toString());
    }
}
