package io.edgeship.queue.transport.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.ObjectDigest;
import java.io.IOException;
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
        try (PartLedger ledger = PartLedger.open(whole)) {
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
            try (PartLedger ledger = PartLedger.open(item)) {
                assertThat(state(ledger)).as("cut at byte %d", cut).isEqualTo(states.get(records));
            }
        }
    }

    @Test
    void givesTheDigestOfWhatWasSent() throws IOException {
        try (PartLedger ledger = PartLedger.open(dir)) {
            ledger.begun(FILE, "upload-1", Optional.of(Instant.EPOCH));
            ledger.acknowledged(FILE, part(2));
            ledger.acknowledged(FILE, part(1));
            ledger.doneInParts(FILE, Optional.empty());
            assertThat(ledger.digest(FILE))
                    .isEqualTo(new ObjectDigest(List.of(part(1).digest(), part(2).digest()), true));
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
