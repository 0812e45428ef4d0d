package io.edgeship.queue.transport.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.bucket.BucketException;
import io.edgeship.queue.Blocks;
import io.edgeship.queue.Item;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.queue.transport.Transport.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxTransportTest {
    private static final int PIECE = 1000;
    private static final int CHUNK_BYTES = 3500;

    @TempDir
    Path dir;

    private final InboxStore store = new InboxStore();
    private final FakeCentre centre = new FakeCentre(store);
    private final List<Long> progress = new ArrayList<>();
    private Item item;
    private byte[] stream;
    private int pieces;

    @BeforeEach
    void sealAnItem() throws IOException {
        item = SealedItems.write(dir, Blocks.A, CHUNK_BYTES);
        stream = SealedItems.stream(item);
        pieces = Math.ceilDiv(stream.length, PIECE);
    }

    private InboxTransport transport() {
        return transport(PIECE);
    }

    private InboxTransport transport(int pieceBytes) {
        return new InboxTransport(
                store.bucket(),
                InboxStore.SITE,
                InboxStore.INCARNATION,
                "1.2.3",
                new PieceSizing(pieceBytes, pieceBytes, () -> 0),
                (_, confirmed, total) -> {
                    progress.add(confirmed);
                    assertThat(total).isEqualTo(stream.length);
                });
    }

    @Test
    void sendsPiecesWithoutHolesAndThenTheManifest() throws IOException {
        Outcome outcome = transport().ship(item);

        Manifest manifest = centre.manifest(item.id());
        assertThat(store.requests).hasSize(pieces + 1).endsWith("put manifest.pb");
        assertThat(outcome).isEqualTo(new Outcome.Delivered(stream.length + manifest.getSerializedSize()));
        assertThat(progress).isSorted().hasSize(pieces).endsWith((long) stream.length);
        assertThat(manifest.getPieceLengthsList().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(stream.length);
        assertThat(manifest.getFilesList()).extracting(Manifest.File::getPath).isEqualTo(SealedItems.FILES);
        assertThat(manifest.getSite()).isEqualTo(InboxStore.SITE);
        assertThat(manifest.getIncarnation()).isEqualTo(InboxStore.INCARNATION);
        assertThat(manifest.getAgentVersion()).isEqualTo("1.2.3");
        assertThat(manifest.getKind()).isEqualTo(Manifest.Kind.KIND_BLOCK);
        assertThat(manifest.getCodec()).isEqualTo(Manifest.Codec.CODEC_PLAIN);
        assertThat(manifest.getAttempt()).isEqualTo(1);
        assertThat(manifest.getSentAtMs()).isEqualTo(store.now.toEpochMilli());
        centre.cycle(item.id());
        assertThat(centre.accepted.get(item.id())).isEqualTo(stream);
    }

    @Test
    void anAwaitedItemIsNotSentAgainByAnyProcess() throws IOException {
        InboxTransport transport = transport();
        assertThat(transport.isAwaited(item)).isFalse();
        transport.ship(item);
        store.requests.clear();

        for (InboxTransport any : List.of(transport, transport())) {
            assertThat(any.isAwaited(item)).isTrue();
            assertThat(any.ship(item)).isEqualTo(new Outcome.Delivered(0));
            assertThat(any.poll(item)).isEqualTo(new Answer.Waiting());
        }
        assertThat(store.requests).containsExactly("get " + item.id() + ".pb", "get " + item.id() + ".pb");
    }

    @Test
    void whatIsNotAwaitedHasNoAnswer() {
        assertThatThrownBy(() -> transport().poll(item)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sendsNothingTwiceThatTheBucketConfirmedWhereverTheLinkFails() throws IOException {
        for (int failing = 1; failing <= pieces + 1; failing++) {
            for (boolean tookEffect : new boolean[] {false, true}) {
                startOver();
                String where = "request " + failing + (tookEffect ? " lost its reply" : " got lost");
                failAt(failing, tookEffect);
                assertThatThrownBy(() -> transport().ship(item))
                        .as(where)
                        .isInstanceOf(BucketException.Unavailable.class);
                byte @Nullable [] before = store.objects.get(manifestKey());
                store.trouble = InboxStore.Trouble.NONE;

                transport().ship(item);

                assertThat(store.requests).as(where).hasSize(pieces + 2);
                assertThat(store.puts().stream().distinct()).as(where).hasSize(pieces + 1);
                assertThat(store.pieceKeys()).as(where).hasSize(pieces);
                if (before != null) {
                    assertThat(store.objects.get(manifestKey())).as(where).isEqualTo(before);
                }
                requireAccepted(transport(), where);
            }
        }
    }

    @Test
    void aPieceThatFailedIsCutSmallerWhenTheLinkWantsIt() throws IOException {
        failAt(2, false);
        assertThatThrownBy(() -> transport().ship(item)).isInstanceOf(BucketException.Unavailable.class);
        store.trouble = InboxStore.Trouble.NONE;

        transport(PIECE / 2).ship(item);

        assertThat(centre.manifest(item.id()).getPieceLengthsList()).startsWith(PIECE, PIECE / 2, PIECE / 2);
        requireAccepted(transport(), "smaller pieces");
    }

    /// The cut that was given up arrives late, under its own name.
    @Test
    void aLateArrivalOfAnotherCutHarmsNothing() throws IOException {
        List<byte[]> late = new ArrayList<>();
        store.trouble = new InboxStore.Trouble() {
            @Override
            public void before(String request, byte @Nullable [] body) throws BucketException {
                if (late.isEmpty() && body != null) {
                    late.add(body);
                    throw new BucketException.Unavailable(request, null);
                }
            }
        };
        assertThatThrownBy(() -> transport().ship(item)).isInstanceOf(BucketException.Unavailable.class);
        transport(PIECE - 1).ship(item);
        byte[] body = late.getFirst();
        store.objects.put(folder() + PieceName.of(0, body, body.length), body);

        requireAccepted(transport(), "late piece");
    }

    @Test
    void passesOnWhatTheLinkAndTheStoreSayAndKeepsWhatWasConfirmed() throws IOException {
        for (BucketException refusal : List.of(
                new BucketException.Throttled("slow down", null),
                new BucketException.HeldBack("no window is open"),
                new BucketException.AccessDenied("token expired", null))) {
            startOver();
            store.trouble = new InboxStore.Trouble() {
                @Override
                public void before(String request, byte @Nullable [] body) throws BucketException {
                    if (store.requests.size() == 3) {
                        throw refusal;
                    }
                }
            };
            assertThatThrownBy(() -> transport().ship(item)).isSameAs(refusal);
            store.trouble = InboxStore.Trouble.NONE;
            transport().ship(item);
            assertThat(store.requests).hasSize(pieces + 2);
        }
    }

    @Test
    void aPieceWhoseBytesChangedOnDiskSinceIsSentAgain() throws IOException {
        failAt(pieces + 1, false);
        assertThatThrownBy(() -> transport().ship(item)).isInstanceOf(BucketException.Unavailable.class);
        store.trouble = InboxStore.Trouble.NONE;
        changeByte("chunks/000001", PIECE + 7);
        store.requests.clear();

        transport().ship(item);

        assertThat(store.puts()).hasSize(2).element(0).asString().startsWith("put 000000001000-0001000-");
        assertThat(centre.manifest(item.id()).getAttempt()).isEqualTo(2);
        stream = SealedItems.stream(item);
        requireAccepted(transport(), "changed bytes");
    }

    @Test
    void aDiskThatGivesOtherBytesAtEachReadingIsThisItemsFault() {
        store.trouble = new InboxStore.Trouble() {
            @Override
            public void after(String request, byte @Nullable [] body) {
                if (store.requests.size() >= pieces) {
                    try {
                        changeByte("chunks/000001", 7);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }
            }
        };
        assertThatThrownBy(() -> transport().ship(item)).isInstanceOf(BucketException.BodyUnreadable.class);
        assertThat(store.objects).doesNotContainKey(manifestKey());
    }

    @Test
    void aFileThatCannotBeReadIsThisItemsFaultAndNoOthers() throws IOException {
        Path index = item.dir().resolve("index");
        int length = (int) Files.size(index);
        Files.delete(index);
        Files.createDirectory(index);
        stream = new byte[stream.length - length + (int) Files.size(index)];

        assertThatThrownBy(() -> transport().ship(item))
                .isInstanceOf(BucketException.BodyUnreadable.class)
                .hasMessageContaining(item.id().toString());
    }

    @Test
    void anItemSealedAnewIsSentAsItIsNow() throws IOException {
        failAt(pieces + 1, false);
        assertThatThrownBy(() -> transport().ship(item)).isInstanceOf(BucketException.Unavailable.class);
        store.trouble = InboxStore.Trouble.NONE;
        for (String meta : List.of("{\"short\":1}", "{\"long\":\"" + "x".repeat(2 * PIECE) + "\"}")) {
            Files.writeString(item.dir().resolve("meta.json"), meta);
            stream = SealedItems.stream(item);
            failAt(store.requests.size() + 1, false);
            assertThatThrownBy(() -> transport().ship(item)).isInstanceOf(BucketException.Unavailable.class);
            store.trouble = InboxStore.Trouble.NONE;
        }
        transport().ship(item);
        requireAccepted(transport(), "sealed anew");
    }

    /// The disk is not read once more for each failure of the last request.
    @Test
    void aManifestThatFailsIsSentAgainWithoutReadingTheItem() throws IOException {
        failAt(pieces + 1, false);
        InboxTransport transport = transport();
        assertThatThrownBy(() -> transport.ship(item)).isInstanceOf(BucketException.Unavailable.class);
        store.trouble = InboxStore.Trouble.NONE;
        Path index = item.dir().resolve("index");
        byte[] bytes = Files.readAllBytes(index);
        Files.write(index, new byte[bytes.length]); // who reads it now sees something else

        transport.ship(item);

        assertThat(store.requests).hasSize(pieces + 2);
        requireAccepted(transport, "manifest again");
    }

    @Test
    void aDamagedLedgerCostsSendingAgainAndNothingElse() throws IOException {
        transport().ship(item);
        Files.write(item.dir().resolve(PieceLedger.FILE_NAME), new byte[1 << 18]);
        InboxTransport transport = transport();

        assertThat(transport.isAwaited(item)).isFalse();
        transport.ship(item);

        assertThat(store.requests).hasSize(2 * (pieces + 1));
        requireAccepted(transport, "damaged ledger");
    }

    private void changeByte(String file, int at) throws IOException {
        Path path = item.dir().resolve(file);
        byte[] bytes = Files.readAllBytes(path);
        bytes[at] ^= 1;
        Files.write(path, bytes);
    }

    private void failAt(int failing, boolean tookEffect) {
        store.trouble = new InboxStore.Trouble() {
            @Override
            public void before(String request, byte @Nullable [] body) throws BucketException {
                fail(request, !tookEffect);
            }

            @Override
            public void after(String request, byte @Nullable [] body) throws BucketException {
                fail(request, tookEffect);
            }

            private void fail(String request, boolean now) throws BucketException {
                if (now && store.requests.size() == failing) {
                    throw new BucketException.Unavailable(request, null);
                }
            }
        };
    }

    private void requireAccepted(InboxTransport transport, String where) throws IOException {
        centre.cycle(item.id());
        assertThat(centre.accepted.get(item.id())).as(where).isEqualTo(stream);
        assertThat(transport.poll(item)).as(where).isEqualTo(new Answer.Accepted());
    }

    private void startOver() throws IOException {
        store.objects.clear();
        store.requests.clear();
        centre.accepted.clear();
        store.trouble = InboxStore.Trouble.NONE;
        Files.deleteIfExists(item.dir().resolve(PieceLedger.FILE_NAME));
    }

    private String folder() {
        return InboxStore.INBOX + item.id() + ".item/";
    }

    private String manifestKey() {
        return folder() + "manifest.pb";
    }
}
