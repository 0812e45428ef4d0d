package io.edgeship.block.openmetrics;

import io.edgeship.block.LabelSet;
import io.edgeship.block.encoding.CorruptFormatException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads samples from front to back; the grammar is on the package's page. In memory is one line. Not thread-safe.
public final class OpenMetricsReader implements Closeable {
    /// Longer than any line that has a meaning.
    static final int LINE_BYTES_MAX = 1 << 20;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final String END = "# EOF";

    private final String name;
    private final InputStream in;
    private byte[] line = new byte[256];
    private long lineNumber;
    private long lineOffset;
    private long offset;
    private LabelSet labels = LabelSet.ofSorted();
    private long timeMillis;
    private double value;

    private OpenMetricsReader(String name, InputStream in) {
        this.name = name;
        this.in = in;
    }

    public static OpenMetricsReader open(Path file) throws IOException {
        return of(file.toString(), Files.newInputStream(file));
    }

    /// @param name stands for the bytes in errors
    public static OpenMetricsReader of(String name, InputStream in) {
        return new OpenMetricsReader(name, new BufferedInputStream(in, BUFFER_BYTES));
    }

    /// Moves to the next sample; false after `# EOF`.
    ///
    /// @throws CorruptFormatException naming file, offset and line, if it breaks the grammar or ends too early
    public boolean next() throws IOException {
        while (true) {
            String text = line();
            if (text == null) {
                throw corrupt("the file ends without " + END);
            }
            if (text.equals(END)) {
                if (in.read() >= 0) {
                    throw corrupt("something follows " + END);
                }
                return false;
            }
            if (!text.startsWith("#")) {
                sample(text);
                return true;
            }
            if (!text.matches("# (TYPE|HELP|UNIT) .*")) {
                throw corrupt(
                        "'%s' is neither a sample nor # TYPE, # HELP, # UNIT or %s".formatted(shortened(text), END));
            }
        }
    }

    private void sample(String text) throws CorruptFormatException {
        try {
            SampleLine parsed = SampleLine.parse(text);
            labels = parsed.labels();
            timeMillis = parsed.timeMillis();
            value = parsed.value();
        } catch (IllegalArgumentException e) {
            throw corrupt(String.valueOf(e.getMessage()));
        }
    }

    public LabelSet labels() {
        return labels;
    }

    public long timeMillis() {
        return timeMillis;
    }

    public double value() {
        return value;
    }

    /// Of the sample that [#next] moved to, from 1.
    public long lineNumber() {
        return lineNumber;
    }

    /// How many bytes were read so far.
    public long bytesRead() {
        return offset;
    }

    /// An error that points at the current line.
    public CorruptFormatException corrupt(String problem) {
        return new CorruptFormatException(name, lineOffset, "line %d: %s".formatted(lineNumber, problem));
    }

    private @Nullable String line() throws IOException {
        lineOffset = offset;
        lineNumber++;
        int length = 0;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                if (length > 0) {
                    throw corrupt("the last line has no line feed");
                }
                return null;
            }
            if (length == LINE_BYTES_MAX) {
                throw corrupt("longer than %d bytes".formatted(LINE_BYTES_MAX));
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, 2 * length);
            }
            line[length++] = (byte) b;
        }
        offset += length + 1L;
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw corrupt("is not UTF-8");
        }
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
