package io.edgeship.queue.transport.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.bucket.BucketException;
import io.edgeship.queue.Blocks;
import io.edgeship.queue.Item;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.queue.transport.Transport.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the transport makes of the centre's answers.
class ReceiptTest extends SentItem {
    private byte[] stream;

    @BeforeEach
    void readStream() throws IOException {
        stream = SealedItems.stream(item);
    }

    @Test
    void acceptedIsAcceptedHoweverOftenItIsAsked() throws IOException {
        centre.cycle(item.id());

        assertThat(transport.poll(item)).isEqualTo(new Answer.Accepted());
        assertThat(newTransport().poll(item)).isEqualTo(new Answer.Accepted());
    }

    @Test
    void exactlyTheMissingPiecesAreSentAgainAndAManifestOfTheNextAttempt() throws IOException {
        List<String> pieces = store.pieceKeys();
        store.objects.remove(pieces.get(1));
        store.objects.remove(pieces.get(2));
        store.objects.remove(pieces.getLast());
        centre.cycle(item.id());
        store.requests.clear();

        assertThat(transport.poll(item)).isEqualTo(new Answer.Missing(3, 2 * PIECE + stream.length % PIECE));
        assertThat(transport.isAwaited(item)).isFalse();
        assertThat(newTransport().isAwaited(item)).isFalse();
        transport.ship(item);

        assertThat(store.puts())
                .containsExactly(
                        "put " + InboxStore.shortName(pieces.get(1)),
                        "put " + InboxStore.shortName(pieces.get(2)),
                        "put " + InboxStore.shortName(pieces.getLast()),
                        "put manifest.pb");
        assertThat(centre.manifest(item.id()).getAttempt()).isEqualTo(2);
        assertThat(transport.poll(item)).as("the old receipt still lies there").isEqualTo(new Answer.Waiting());
        requireAccepted();
    }

    @Test
    void piecesThatWereNeverSentAreNotSentAgain() throws IOException {
        PieceName first = PieceName.tryParse(
                        InboxStore.shortName(store.pieceKeys().getFirst()))
                .orElseThrow();
        centre.answer(
                item.id(),
                answer(Verdict.VERDICT_MISSING)
                        .addMissing(FakeCentre.piece(first))
                        .addMissing(FakeCentre.piece(first))
                        .addMissing(FakeCentre.piece(new PieceName(0, PIECE, first.crc32c() + 1)))
                        .addMissing(FakeCentre.piece(new PieceName(PIECE / 2, PIECE, first.crc32c())))
                        .addMissing(Receipt.Piece.newBuilder().setOffset(-1).setLength(-1))
                        .build());

        assertThat(transport.poll(item)).isEqualTo(new Answer.Missing(1, PIECE));
    }

    @Test
    void whereTheCentreMissesOnlyWhatWasNeverSentEverythingIsSentAgain() throws IOException {
        int pieces = store.pieceKeys().size();
        for (boolean withStranger : new boolean[] {false, true}) {
            Receipt.Builder answer = answer(Verdict.VERDICT_MISSING);
            if (withStranger) {
                answer.addMissing(FakeCentre.piece(new PieceName(77, 7, 7)));
            }
            centre.answer(item.id(), answer.build());
            store.requests.clear();

            assertThat(transport.poll(item)).isEqualTo(new Answer.Missing(pieces, stream.length));
            transport.ship(item);

            assertThat(store.puts()).hasSize(pieces + 1);
        }
        requireAccepted();
    }

    @Test
    void aBucketThatLosesPiecesAgainAndAgainIsSentThemAgainAndAgain() throws IOException {
        for (int round = 1; round <= 25; round++) {
            store.objects.remove(store.pieceKeys().getFirst());
            centre.cycle(item.id());
            assertThat(transport.poll(item)).as("round %d", round).isInstanceOf(Answer.Missing.class);
            transport.ship(item);
            assertThat(centre.manifest(item.id()).getAttempt()).isEqualTo(round + 1);
        }
        requireAccepted();
    }

    @Test
    void rejectedIsTheEndUnlessAPersonHasItSentAgain() throws IOException {
        centre.answer(
                item.id(),
                answer(Verdict.VERDICT_REJECTED).setDetail("label site is 'x'").build());

        assertThat(transport.poll(item)).isEqualTo(new Answer.Rejected("label site is 'x'"));

        store.objects.keySet().removeIf(key -> key.startsWith(InboxStore.INBOX));
        InboxTransport retried = newTransport();
        assertThat(retried.isAwaited(item)).isFalse();
        retried.ship(item);
        assertThat(retried.poll(item)).as("the verdict on the attempt before").isEqualTo(new Answer.Waiting());
        requireAccepted();
    }

    @Test
    void tooNewWaitsForTheCentresUpgrade() throws IOException {
        centre.answer(
                item.id(), answer(Verdict.VERDICT_TOO_NEW).setDetail("codec 2").build());

        assertThat(transport.poll(item)).isEqualTo(new Answer.TooNew("codec 2"));
        assertThat(transport.isAwaited(item)).isTrue();
        store.objects.remove(InboxStore.RECEIPTS + item.id() + ".pb");
        requireAccepted();
    }

    @Test
    void aReceiptOfALaterVersionWaitsForTheAgentsUpgrade() throws IOException {
        centre.answer(item.id(), answer(Verdict.VERDICT_ACCEPTED).setVersion(2).build());

        assertThat(transport.poll(item))
                .isInstanceOfSatisfying(
                        Answer.TooNew.class,
                        answer -> assertThat(answer.why()).contains("version 2", "upgrade this agent"));
        assertThat(transport.isAwaited(item)).isTrue();
    }

    @Test
    void anAnswerThatIsNoneIsNeverTrusted() throws IOException {
        List<byte[]> useless = List.of(
                new byte[0],
                "<html>Please log in</html>".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                answer(Verdict.VERDICT_ACCEPTED)
                        .setUlid(Blocks.B.toString())
                        .build()
                        .toByteArray(),
                answer(Verdict.VERDICT_ACCEPTED).setAttempt(0).build().toByteArray(),
                answer(Verdict.VERDICT_MISSING).setAttempt(-1).build().toByteArray(),
                answer(Verdict.VERDICT_ACCEPTED).setVersion(0).build().toByteArray(),
                answer(Verdict.VERDICT_UNSPECIFIED).build().toByteArray(),
                new byte[5 << 20]);
        for (byte[] bytes : useless) {
            store.objects.put(InboxStore.RECEIPTS + item.id() + ".pb", bytes);
            assertThat(transport.poll(item)).isEqualTo(new Answer.Waiting());
            assertThat(transport.isAwaited(item)).isTrue();
        }
    }

    /// A put of the first manifest comes late and takes the place of the second.
    @Test
    void aManifestThatAnOlderOneReplacedIsSentAgain() throws IOException {
        byte[] first = store.objects.get(manifestKey());
        store.objects.remove(store.pieceKeys().getFirst());
        centre.cycle(item.id());
        transport.poll(item);
        transport.ship(item);
        store.objects.put(manifestKey(), first);
        store.objects.remove(InboxStore.RECEIPTS + item.id() + ".pb");
        store.objects.remove(store.pieceKeys().getFirst());
        centre.cycle(item.id());

        assertThat(transport.poll(item)).isEqualTo(new Answer.Missing(0, 0));
        store.requests.clear();
        transport.ship(item);

        assertThat(store.requests).containsExactly("put manifest.pb");
        assertThat(centre.manifest(item.id()).getAttempt()).isEqualTo(3);
        assertThat(transport.poll(item)).as("that receipt is known").isEqualTo(new Answer.Waiting());
        centre.cycle(item.id());
        assertThat(transport.poll(item)).isInstanceOf(Answer.Missing.class);
        transport.ship(item);
        requireAccepted();
    }

    /// The ledger is gone, and with it the number of the attempt.
    @Test
    void anAttemptThatWentBackIsCaughtUpByTheReceipt() throws IOException {
        for (int round = 0; round < 3; round++) {
            store.objects.remove(store.pieceKeys().getFirst());
            centre.cycle(item.id());
            transport.poll(item);
            transport.ship(item);
        }
        java.nio.file.Files.delete(item.dir().resolve(PieceLedger.FILE_NAME));
        transport = newTransport();
        transport.ship(item);
        assertThat(centre.manifest(item.id()).getAttempt()).isEqualTo(1);

        assertThat(transport.poll(item)).isInstanceOf(Answer.Missing.class);
        transport.ship(item);
        assertThat(centre.manifest(item.id()).getAttempt()).isEqualTo(4);
        requireAccepted();
    }

    /// Without permission to list, S3 answers 403 for what is not there.
    @Test
    void deniedMeansNotYetAndAfterADayAPersonHearsOfIt() throws IOException {
        deny("get");
        assertThat(transport.poll(item)).isEqualTo(new Answer.Waiting());
        assertThat(transport.restriction()).isEmpty();

        store.now = store.now.plus(Duration.ofDays(1));
        store.trouble = InboxStore.Trouble.NONE;
        Item other = SealedItems.write(dir, Blocks.B, 10);
        assertThat(transport.ship(other)).isInstanceOf(Outcome.Delivered.class); // tells the time
        deny("get");
        assertThat(transport.poll(other)).isEqualTo(new Answer.Waiting());
        assertThat(transport.restriction())
                .hasValueSatisfying(why -> assertThat(why)
                        .contains(
                                "grant GetObject on edgeship/sites/" + InboxStore.SITE + "/" + InboxStore.INCARNATION));

        store.trouble = InboxStore.Trouble.NONE;
        transport.poll(item);
        assertThat(transport.restriction()).isEmpty();
    }

    @Test
    void deniedIsNoAnswerWhilePutsAreDeniedToo() throws IOException {
        Item other = SealedItems.write(dir, Blocks.B, 10);
        deny("");
        assertThatThrownBy(() -> transport.ship(other)).isInstanceOf(BucketException.AccessDenied.class);
        assertThatThrownBy(() -> transport.poll(item)).isInstanceOf(BucketException.AccessDenied.class);

        deny("get");
        transport.ship(other);
        assertThat(transport.poll(item)).isEqualTo(new Answer.Waiting());
    }

    @Test
    void aLinkThatFailsIsNoAnswer() throws IOException {
        BucketException down = new BucketException.Unavailable("link is down", null);
        store.trouble = new InboxStore.Trouble() {
            @Override
            public void before(String request, byte @Nullable [] body) throws BucketException {
                throw down;
            }
        };
        assertThatThrownBy(() -> transport.poll(item)).isSameAs(down);
        assertThat(transport.isAwaited(item)).isTrue();
    }

    private void deny(String requests) {
        store.trouble = new InboxStore.Trouble() {
            @Override
            public void before(String request, byte @Nullable [] body) throws BucketException {
                if (request.startsWith(requests)) {
                    throw new BucketException.AccessDenied(request, null);
                }
            }
        };
    }

    private Receipt.Builder answer(Verdict verdict) throws IOException {
        store.now = store.now.plusSeconds(1);
        return centre.of(centre.manifest(item.id()), verdict);
    }

    private void requireAccepted() throws IOException {
        centre.cycle(item.id());
        assertThat(centre.accepted.get(item.id())).isEqualTo(stream);
        assertThat(newTransport().poll(item)).isEqualTo(new Answer.Accepted());
    }

    private String manifestKey() {
        return InboxStore.INBOX + item.id() + ".item/manifest.pb";
    }
}
