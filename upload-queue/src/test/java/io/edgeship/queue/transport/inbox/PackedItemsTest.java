package io.edgeship.queue.transport.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.message.v1.Manifest.Codec;
import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.block.pack.BlockPacker;
import io.edgeship.block.pack.PackWatcher;
import io.edgeship.bucket.BucketException;
import io.edgeship.queue.Blocks;
import io.edgeship.queue.Item;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.Transport.Answer;
import io.edgeship.queue.transport.UploadProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An item that has a pack is sent as it; one whose pack is no good, as its files.
class PackedItemsTest {
    private static final int PIECE = 1000;

    @TempDir
    Path dir;

    private final InboxStore store = new InboxStore();
    private final FakeCentre centre = new FakeCentre(store);
    private InboxTransport transport = newTransport();
    private Item item;
    private Path pack;
    private byte[] files;

    @BeforeEach
    void pack() throws IOException {
        item = SealedItems.write(dir, Blocks.A, 3500);
        files = SealedItems.stream(item);
        pack = item.dir().resolve("block.pack");
        BlockPacker.packShipped(item.dir(), pack, PackWatcher.NONE);
        Files.write(item.dir().resolve("item.json"), new byte[3]); // none of the block's files
    }

    /// One that remembers nothing, as after a restart.
    private InboxTransport newTransport() {
        return new InboxTransport(
                store.bucket(),
                InboxStore.SITE,
                InboxStore.INCARNATION,
                "1.2.3",
                new PieceSizing(PIECE, PIECE, () -> 0),
                UploadProgress.NONE);
    }

    @Test
    void thePackIsCutIntoPiecesAndTheManifestSaysWhatFilesItMakes() throws IOException {
        transport.ship(item);

        Manifest manifest = centre.manifest(item.id());
        assertThat(manifest.getCodec()).isEqualTo(Codec.CODEC_PACK);
        assertThat(manifest.getFilesList())
                .extracting(Manifest.File::getPath)
                .containsExactlyElementsOf(SealedItems.FILES);
        assertThat(manifest.getMetaJson().toByteArray())
                .isEqualTo(Files.readAllBytes(item.dir().resolve("meta.json")));
        assertThat(manifest.getPieceLengthsList().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo((int) Files.size(pack));
        assertThat(item.bytesToSend()).isEqualTo(Files.size(pack));
        requireAccepted();
    }

    @Test
    void itIsSentWithoutTheFilesToo() throws IOException {
        Files.delete(item.dir().resolve("index"));
        Files.delete(item.dir().resolve("chunks/000001"));

        assertThat(item.hasFiles()).isFalse();
        transport.ship(item);

        requireAccepted();
    }

    @Test
    void theFilesOfARejectedPackAreSentFromTheStartWithTheNextAttempt() throws IOException {
        centre.rejectsPacks.add(item.id());
        transport.ship(item);
        centre.cycle(item.id());

        transport = newTransport();
        assertThat(transport.poll(item)).isEqualTo(new Answer.PackRejected("pack"));
        assertThat(InboxTransport.goesAsFiles(item)).isTrue();
        assertThat(transport.isAwaited(item)).isFalse();
        assertThat(InboxTransport.confirmedBytes(item)).isZero();

        transport = newTransport(); // the pack may still be there: a crash came before it was dropped
        transport.ship(item);
        assertThat(centre.manifest(item.id()).getCodec()).isEqualTo(Codec.CODEC_PLAIN);
        assertThat(centre.manifest(item.id()).getMetaJson().isEmpty()).isTrue();
        assertThat(centre.manifest(item.id()).getAttempt()).isEqualTo(2);
        assertThat(transport.poll(item)).as("the old receipt still lies there").isEqualTo(new Answer.Waiting());
        requireAccepted();
    }

    @Test
    void onlyARejectionOfTheFilesIsTheBlocks() throws IOException {
        centre.rejectsPacks.add(item.id());
        transport.ship(item);
        centre.cycle(item.id());
        transport.poll(item);
        Files.delete(pack);
        transport.ship(item);
        centre.answer(
                item.id(),
                centre.of(centre.manifest(item.id()), Verdict.VERDICT_REJECTED)
                        .setDetail("files")
                        .build());

        assertThat(newTransport().poll(item)).isEqualTo(new Answer.Rejected("files"));
    }

    @Test
    void piecesThatAreLostAreSentAgainFromThePack() throws IOException {
        transport.ship(item);
        store.objects.remove(store.pieceKeys().getFirst());
        centre.cycle(item.id());

        assertThat(transport.poll(item)).isEqualTo(new Answer.Missing(1, PIECE));
        newTransport().ship(item);

        assertThat(centre.manifest(item.id()).getCodec()).isEqualTo(Codec.CODEC_PACK);
        assertThat(centre.manifest(item.id()).getAttempt()).isEqualTo(2);
        requireAccepted();
    }

    @Test
    void aPackThatCannotBeReadIsLeftForTheFilesWhereTheyAreHere() throws IOException {
        Files.write(pack, new byte[Math.toIntExact(Files.size(pack))]);

        transport.ship(item);

        assertThat(centre.manifest(item.id()).getCodec()).isEqualTo(Codec.CODEC_PLAIN);
        assertThat(InboxTransport.goesAsFiles(item)).isTrue();
        requireAccepted();
    }

    @Test
    void aPackThatCannotBeReadAndStandsForTheFilesIsTheItemsMisfortune() throws IOException {
        Files.write(pack, new byte[Math.toIntExact(Files.size(pack))]);
        Files.delete(item.dir().resolve("index"));

        assertThatThrownBy(() -> transport.ship(item)).isInstanceOf(BucketException.BodyUnreadable.class);
        assertThat(InboxTransport.goesAsFiles(item)).isFalse();
    }

    @Test
    void theFilesAreSentOfAnItemWhosePackWasDroppedOnTheWay() throws IOException {
        transport.ship(item);
        store.objects.remove(store.pieceKeys().getFirst());
        centre.cycle(item.id());
        transport.poll(item);
        Files.delete(pack);

        newTransport().ship(item);

        assertThat(centre.manifest(item.id()).getCodec()).isEqualTo(Codec.CODEC_PLAIN);
        requireAccepted();
    }

    private void requireAccepted() throws IOException {
        centre.cycle(item.id());
        assertThat(newTransport().poll(item)).isEqualTo(new Answer.Accepted());
        assertThat(centre.accepted.get(item.id())).isEqualTo(files);
    }
}
