package io.edgeship.queue.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.encoding.CorruptFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final List<String> APPENDED = List.of("a", "bb", "ccc");

    @TempDir
    Path dir;

    /// A crash may stop the disk after any byte, so every cut is tried; none may lose a record
    /// whose append returned, and the journal must take new records afterwards.
    @Test
    void keepsEveryWholeRecordWhereverACrashCutTheFile() throws IOException {
        byte[] whole = Files.readAllBytes(journalOf(APPENDED));
        for (int cut = 0; cut <= whole.length; cut++) {
            Path file = Files.write(dir.resolve("cut-" + cut), Arrays.copyOf(whole, cut));
            assertThat(recordsOf(file)).as("cut at byte %d", cut).isEqualTo(APPENDED.subList(0, wholeRecords(cut)));

            append(file, "next");
            assertThat(recordsOf(file)).as("append after a cut at byte %d", cut).endsWith("next");
        }
    }

    /// A flipped bit is never taken for a record: the records before it stay, the rest is dropped.
    @Test
    void believesNoRecordWithAFlippedByte() throws IOException {
        byte[] whole = Files.readAllBytes(journalOf(APPENDED));
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 1;
            Path file = Files.write(dir.resolve("flip-" + at), flipped);
            assertThat(recordsOf(file)).as("byte %d flipped", at).isEqualTo(APPENDED.subList(0, wholeRecords(at)));
        }
    }

    @Test
    void refusesDamageLongerThanOneRecord() throws IOException {
        Path file = Files.write(dir.resolve("zeroes"), new byte[2 * Journal.PAYLOAD_BYTES_MAX]);

        assertThatThrownBy(() -> recordsOf(file))
                .isInstanceOf(CorruptFormatException.class)
                .hasMessageContaining("zeroes at offset 0");
    }

    @Test
    void takesNoRecordThatItCouldNotReadBack() throws IOException {
        Path file = dir.resolve("large");
        try (Journal journal = Journal.open(file, Disk.system(), _ -> {})) {
            assertThatThrownBy(() -> journal.append(new byte[Journal.PAYLOAD_BYTES_MAX + 1]))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> journal.append(new byte[0])).isInstanceOf(IllegalArgumentException.class);
            journal.append(new byte[Journal.PAYLOAD_BYTES_MAX]);
        }
        assertThat(recordsOf(file)).singleElement().asString().hasSize(Journal.PAYLOAD_BYTES_MAX);
    }

    private Path journalOf(List<String> records) throws IOException {
        Path file = dir.resolve("journal");
        for (String text : records) {
            append(file, text);
        }
        return file;
    }

    private static void append(Path file, String text) throws IOException {
        try (Journal journal = Journal.open(file, Disk.system(), _ -> {})) {
            journal.append(text.getBytes(UTF_8));
        }
    }

    private static List<String> recordsOf(Path file) throws IOException {
        List<String> records = new ArrayList<>();
        Journal.open(
                        file,
                        Disk.system(),
                        payload -> records.add(UTF_8.decode(payload).toString()))
                .close();
        return records;
    }

    private static int wholeRecords(int length) {
        int end = 0;
        int whole = 0;
        for (String text : APPENDED) {
            end += Journal.HEADER_BYTES + text.length();
            whole += end <= length ? 1 : 0;
        }
        return whole;
    }
}
