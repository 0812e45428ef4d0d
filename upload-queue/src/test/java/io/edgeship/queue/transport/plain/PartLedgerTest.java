package io.edgeship.queue.transport.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.ObjectDigest;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.Journal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartLedgerTest {
    private static final String FILE = "chunks/000001";

    @TempDir
    Path dir;

    private interface Entry {
        void write(PartLedger ledger) throws IOException;
    }

    /// What a cut leaves is what was known after some record, the last one that was whole: never a mixture.
    @Test
    void knowsAfterACutAtAnyByteWhatItKnewAfterTheLastWholeRecord() throws IOException {
        List<Entry> entries = List.of(
                ledger -> ledger.begun(FILE, "upload-1", Optional.of(Instant.EPOCH)),
                ledger -> ledger.acknowledged(FILE, part(1)),
                ledger -> ledger.acknowledged(FILE, part(2)),
                ledger -> ledger.doneInParts(FILE, Optional.of("etag-of-all")),
                ledger -> ledger.forget(FILE),
                ledger -> ledger.acknowledged(FILE, part(1)),
                ledger -> ledger.doneWhole(FILE),
                ledger -> ledger.begun(FILE, "upload-2", Optional.empty()),
                ledger -> ledger.doneInParts(FILE, Optional.empty()));
        List<String> states = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        Path whole = Files.createDirectory(dir.resolve("whole"));
        try (PartLedger ledger = PartLedger.open(whole, Disk.system())) {
            states.add(state(ledger));
            ends.add(0L);
            for (Entry entry : entries) {
                entry.write(ledger);
                states.add(state(ledger));
                ends.add(Files.size(whole.resolve(PartLedger.FILE_NAME)));
            }
        }
        assertThat(states).hasSize(entries.size() + 1);
        byte[] bytes = Files.readAllBytes(whole.resolve(PartLedger.FILE_NAME));
        Path item = Files.createDirectory(dir.resolve("cut"));
        for (int cut = 0; cut <= bytes.length; cut++) {
            Files.write(item.resolve(PartLedger.FILE_NAME), Arrays.copyOf(bytes, cut));
            long length = cut;
            int records = (int) ends.stream().filter(end -> end <= length).count() - 1;
            try (PartLedger ledger = PartLedger.open(item, Disk.system())) {
                assertThat(state(ledger)).as("cut at byte %d", cut).isEqualTo(states.get(records));
            }
        }
    }

    @Test
    void givesTheDigestOfWhatWasSent() throws IOException {
        try (PartLedger ledger = PartLedger.open(dir, Disk.system())) {
            ledger.begun(FILE, "upload-1", Optional.of(Instant.EPOCH));
            ledger.acknowledged(FILE, part(2));
            ledger.acknowledged(FILE, part(1));
            ledger.doneInParts(FILE, Optional.empty());
            assertThat(ledger.digest(FILE))
                    .isEqualTo(new ObjectDigest(List.of(part(1).digest(), part(2).digest()), true));
        }
    }

    /// `begin` had a `part_size` and no time, `done` no ETag: a spool outlives the program that wrote it.
    @Test
    void readsTheLedgersOfOlderAgents() throws IOException {
        try (Journal journal = Journal.open(dir.resolve(PartLedger.FILE_NAME), Disk.system(), _ -> {})) {
            for (String record : List.of(
                    "{\"file\":\"chunks/000001\",\"begin\":\"upload-1\",\"part_size\":8388608}",
                    "{\"file\":\"chunks/000001\",\"part\":1,\"size\":8388608,\"md5\":"
                            + "\"96995b58d4cbf6aaa9041b4f00c7f6ae\",\"crc32c\":-1207230532,\"etag\":\"e1\"}",
                    "{\"file\":\"index\",\"part\":1,\"size\":3,\"md5\":"
                            + "\"900150983cd24fb0d6963f7d28e17f72\",\"crc32c\":910901175,\"etag\":\"e2\"}",
                    "{\"file\":\"index\",\"done\":false}",
                    "{\"file\":\"chunks/000002\",\"begin\":\"upload-2\",\"part_size\":5242880}",
                    "{\"file\":\"chunks/000002\",\"part\":1,\"size\":3,\"md5\":"
                            + "\"900150983cd24fb0d6963f7d28e17f72\",\"crc32c\":910901175,\"etag\":\"e3\"}",
                    "{\"file\":\"chunks/000002\",\"done\":true}")) {
                journal.append(record.getBytes(StandardCharsets.UTF_8));
            }
        }
        try (PartLedger ledger = PartLedger.open(dir, Disk.system())) {
            assertThat(ledger.uploadId(FILE)).isEqualTo("upload-1");
            assertThat(ledger.begunAt(FILE)).isEmpty();
            assertThat(ledger.part(FILE, 1))
                    .isEqualTo(new SentPart(
                            1, new ObjectDigest.Part(8 << 20, "96995b58d4cbf6aaa9041b4f00c7f6ae", -1207230532), "e1"));
            assertThat(ledger.isDone("index")).isTrue();
            assertThat(ledger.eTag("index")).contains("e2");
            assertThat(ledger.isDone("chunks/000002")).isTrue();
            assertThat(ledger.eTag("chunks/000002")).isEmpty();
        }
    }

    private static SentPart part(int number) {
        return new SentPart(
                number, new ObjectDigest.Part(100L + number, "0".repeat(31) + number, -number), "etag-" + number);
    }

    private static String state(PartLedger ledger) {
        return Stream.of(
                        ledger.uploadId(FILE),
                        ledger.begunAt(FILE),
                        ledger.isDone(FILE),
                        ledger.eTag(FILE),
                        ledger.parts(FILE))
                .map(String::valueOf)
                .reduce("", (left, right) -> left + " | " + right);
    }
}
