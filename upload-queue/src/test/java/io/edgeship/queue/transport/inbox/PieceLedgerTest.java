package io.edgeship.queue.transport.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.message.PieceName;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PieceLedgerTest {
    private static final PieceName A = new PieceName(0, 100, 0x0a);
    private static final PieceName B = new PieceName(100, 50, 0x0b);
    private static final PieceName SHORTER_B = new PieceName(100, 20, 0xbb);
    private static final LedgerState.Answered ANSWER = new LedgerState.Answered(1, 1234);

    @TempDir
    Path dir;

    private interface Entry {
        void write(PieceLedger ledger) throws IOException;
    }

    private static final List<Entry> LIFE = List.of(
            ledger -> ledger.cut(A, false),
            ledger -> ledger.cut(B, true),
            ledger -> ledger.cut(SHORTER_B, false),
            PieceLedger::confirmed,
            ledger -> ledger.manifest(1, 1000, false),
            PieceLedger::delivered,
            ledger -> ledger.missing(ANSWER, List.of(A)),
            ledger -> ledger.cut(A, false),
            PieceLedger::confirmed,
            ledger -> ledger.manifest(2, 2000, false),
            ledger -> ledger.owed(List.of(SHORTER_B)),
            ledger -> ledger.cut(B, false),
            PieceLedger::confirmed,
            ledger -> ledger.manifest(3, 3000, false),
            PieceLedger::delivered,
            ledger -> ledger.answeredAnOlderOne(new LedgerState.Answered(2, 2345)),
            ledger -> ledger.manifest(4, 4000, false),
            PieceLedger::delivered,
            ledger -> ledger.missing(new LedgerState.Answered(4, 3456), List.of()));

    /// What a cut leaves is what was known after the last whole record: never a mixture.
    @Test
    void knowsAfterACutAtAnyByteWhatItKnewAfterTheLastWholeRecord() throws IOException {
        List<String> states = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        Path whole = Files.createDirectory(dir.resolve("whole"));
        try (PieceLedger ledger = PieceLedger.open(whole, Disk.system())) {
            states.add(text(ledger.state()));
            ends.add(0L);
            for (Entry entry : LIFE) {
                entry.write(ledger);
                states.add(text(ledger.state()));
                ends.add(Files.size(whole.resolve(PieceLedger.FILE_NAME)));
            }
        }
        byte[] bytes = Files.readAllBytes(whole.resolve(PieceLedger.FILE_NAME));
        Path cutDir = Files.createDirectory(dir.resolve("cut"));
        for (int cut = 0; cut <= bytes.length; cut++) {
            int at = cut;
            int records = (int) ends.stream().filter(end -> end <= at).count() - 1;
            Files.write(cutDir.resolve(PieceLedger.FILE_NAME), Arrays.copyOf(bytes, cut));
            try (PieceLedger ledger = PieceLedger.open(cutDir, Disk.system())) {
                assertThat(text(ledger.state())).as("cut at byte %d", cut).isEqualTo(states.get(records));
            }
        }
    }

    @Test
    void theCutAfterSaysWhatBecameOfTheOneBefore() throws IOException {
        try (PieceLedger ledger = PieceLedger.open(dir, Disk.system())) {
            ledger.cut(A, false);
            ledger.cut(B, true);
            assertThat(ledger.state().confirmed().inOrder()).containsExactly(A);
            ledger.cut(SHORTER_B, false);
            assertThat(ledger.state().confirmed().inOrder()).containsExactly(A);
            ledger.confirmed();
            assertThat(ledger.state().confirmed().inOrder()).containsExactly(A, SHORTER_B);
            assertThat(ledger.state().pending()).isEmpty();
        }
    }

    @Test
    void anAttemptIsNeverUsedForTwoManifests() throws IOException {
        try (PieceLedger ledger = PieceLedger.open(dir, Disk.system())) {
            assertThat(ledger.state().nextAttempt()).isEqualTo(1);
            ledger.cut(A, false);
            ledger.confirmed();
            ledger.manifest(1, 1000, false);
            assertThat(ledger.state().nextAttempt())
                    .as("not delivered yet: the same")
                    .isEqualTo(1);
            assertThat(ledger.state().sentAtMs()).contains(1000L);
            ledger.cut(B, false);
            assertThat(ledger.state().nextAttempt()).as("cut since").isEqualTo(2);
            assertThat(ledger.state().sentAtMs()).isEmpty();
            ledger.confirmed();
            ledger.manifest(2, 2000, false);
            ledger.delivered();
            ledger.missing(new LedgerState.Answered(7, 3000), List.of(A));
            assertThat(ledger.state().nextAttempt())
                    .as("a lost ledger is behind")
                    .isEqualTo(8);
        }
    }

    @Test
    void anAnswerOfManyPiecesIsHeardAgainUnlessItsLastRecordIsThere() throws IOException {
        List<PieceName> pieces = IntStream.range(0, 500)
                .mapToObj(i -> new PieceName(10L * i, 10, i))
                .toList();
        try (PieceLedger ledger = PieceLedger.open(dir, Disk.system())) {
            boolean confirmed = false;
            for (PieceName piece : pieces) {
                ledger.cut(piece, confirmed);
                confirmed = true;
            }
            ledger.confirmed();
            ledger.manifest(1, 1000, false);
            ledger.delivered();
            ledger.missing(ANSWER, pieces.subList(0, 480));
        }
        Path file = dir.resolve(PieceLedger.FILE_NAME);
        byte[] bytes = Files.readAllBytes(file);
        try (PieceLedger ledger = PieceLedger.open(dir, Disk.system())) {
            assertThat(ledger.state().isAwaited()).isFalse();
            assertThat(ledger.state().confirmed().inOrder()).containsExactlyElementsOf(pieces.subList(480, 500));
        }
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        try (PieceLedger ledger = PieceLedger.open(dir, Disk.system())) {
            assertThat(ledger.state().isAwaited()).isTrue();
            assertThat(ledger.state().confirmed().inOrder()).hasSize(100);
        }
    }

    @Test
    void aLedgerThatContradictsItselfOrSaysSomethingUnknownIsThrownAway() throws IOException {
        for (String record : List.of(
                "{\"cut\":\"" + new PieceName(149, 10, 1) + "\",\"confirmed\":true}|{\"confirmed\":true}",
                "{\"cut\":\"../../../etc\",\"confirmed\":true}",
                "{\"of a later version\":1}",
                "[]")) {
            try (PieceLedger ledger = PieceLedger.open(dir, Disk.system())) {
                ledger.cut(A, false);
                ledger.cut(B, true);
                assertThat(ledger.state().confirmed().inOrder()).containsExactly(A);
            }
            try (Journal journal = Journal.open(dir.resolve(PieceLedger.FILE_NAME), Disk.system(), _ -> {})) {
                for (String one : record.split("\\|")) {
                    journal.append(one.getBytes(UTF_8));
                }
            }
            try (PieceLedger ledger = PieceLedger.open(dir, Disk.system())) {
                assertThat(ledger.state().confirmed().inOrder()).as(record).isEmpty();
                assertThat(ledger.state().pending()).as(record).isEmpty();
            }
        }
    }

    private static String text(LedgerState state) {
        return Stream.of(
                        List.copyOf(state.confirmed().inOrder()),
                        state.confirmed().bytes(),
                        state.pending(),
                        state.nextAttempt(),
                        state.attempt(),
                        state.sentAtMs(),
                        state.isAwaited(),
                        state.answered(),
                        state.missingInARow())
                .map(String::valueOf)
                .reduce("", (left, right) -> left + " | " + right);
    }
}
