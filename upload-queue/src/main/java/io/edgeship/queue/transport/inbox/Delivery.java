package io.edgeship.queue.transport.inbox;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.PieceName;
import io.edgeship.bucket.BucketException;
import io.edgeship.queue.Item;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sends what is owed of one item, going on where the ledger says. Used once.
final class Delivery {
    /// A disk that gives other bytes this often in one go is broken.
    private static final int CHANGES_MAX = 3;

    private static final Log LOG = Log.of(Delivery.class);

    private final Inbox inbox;
    private final Item item;
    private final BlockId id;
    private final PieceLedger ledger;
    private final LedgerState state;
    private final ItemStream stream;
    private final PieceLength pieceLength;
    private final PieceSizing sizing;
    private final UploadProgress progress;
    private @Nullable CheckedItem checked;
    private long bytesSent;

    /// @param checked of an earlier try, if there was one in this process
    Delivery(
            Inbox inbox,
            Item item,
            PieceLedger ledger,
            PieceSizing sizing,
            UploadProgress progress,
            @Nullable CheckedItem checked)
            throws IOException {
        this.inbox = inbox;
        this.item = item;
        this.id = item.id();
        this.ledger = ledger;
        this.state = ledger.state();
        this.stream = ItemStream.of(item, state.goesAsFiles());
        if (stream.sizeBytes() > PieceLength.STREAM_BYTES_MAX) {
            throw new BucketException.Refused(
                    "sending %s through the inbox: it has %d bytes, an item may have %d; transport plain takes it"
                            .formatted(id, stream.sizeBytes(), PieceLength.STREAM_BYTES_MAX),
                    null);
        }
        this.pieceLength = PieceLength.of(stream.sizeBytes());
        this.sizing = sizing;
        this.progress = progress;
        this.checked = checked;
    }

    /// Whether what goes out is a pack of the item.
    boolean isPack() {
        return stream.isPack();
    }

    /// To be handed to the next try.
    @Nullable CheckedItem checked() {
        return checked;
    }

    /// Bodies that went out so far.
    long bytesSent() {
        return bytesSent;
    }

    /// Every piece, then the manifest.
    void run() throws IOException {
        if (checked != null && checked.isFor(id, state, stream)) {
            sendManifest(checked);
            return;
        }
        ledger.owed(beyondTheEnd());
        for (int changes = 0; ; changes++) {
            sendPieces();
            StreamCheck check =
                    reading(() -> StreamCheck.of(stream, state.confirmed().inOrder()));
            if (check.changed().isEmpty()) {
                sendManifest(manifestDue(check));
                return;
            }
            LOG.warn(
                    "bytes on disk are others than were sent, sending them again",
                    "block",
                    id,
                    "pieces",
                    changed(check));
            ledger.owed(check.changed());
            if (changes == CHANGES_MAX) {
                throw new BucketException.BodyUnreadable(
                        "sending %s: its bytes are others at each reading, at %s".formatted(id, changed(check)), null);
            }
        }
    }

    /// An item that was sealed anew may be shorter.
    private List<PieceName> beyondTheEnd() {
        List<PieceName> beyond = new ArrayList<>();
        for (PieceName piece : state.confirmed().inOrder()) {
            if (piece.end() > stream.sizeBytes()) {
                beyond.add(piece);
            }
        }
        return beyond;
    }

    private static String changed(StreamCheck check) {
        return check.changed().getFirst() + (check.changed().size() > 1 ? " and others" : "");
    }

    private void sendPieces() throws IOException {
        boolean confirmed = false; // the cut before, though the ledger does not say so yet
        Optional<Pieces.Gap> owed = state.confirmed().nextGap(0, stream.sizeBytes());
        while (owed.isPresent()) {
            PieceName piece = cut(owed.get(), confirmed);
            bytesSent += piece.length();
            sizing.send(piece.length(), () -> inbox.putPiece(id, piece, stream.body(piece)));
            confirmed = true;
            progress.confirmed(id, state.confirmed().bytes() + piece.length(), stream.sizeBytes());
            owed = state.confirmed().nextGap(piece.end(), stream.sizeBytes());
        }
        if (confirmed) {
            ledger.confirmed();
        }
    }

    /// The piece that goes out next; the ledger knows it before the bucket does. One that went out, and may have
    /// arrived, goes out again as it was, unless the link likes shorter ones by now.
    private PieceName cut(Pieces.Gap owed, boolean confirmed) throws IOException {
        PieceName before = state.pending().orElse(null);
        if (!confirmed && before != null && isStillRight(before, owed)) {
            return before;
        }
        int length = pieceLength.next(owed, sizing.next());
        PieceName piece = reading(() -> stream.piece(owed.offset(), length));
        ledger.cut(piece, confirmed);
        return piece;
    }

    private boolean isStillRight(PieceName piece, Pieces.Gap owed) throws IOException {
        return piece.offset() == owed.offset()
                && piece.length() <= owed.length()
                && piece.length() <= pieceLength.atMost(sizing.next())
                && reading(() -> stream.piece(piece.offset(), piece.length())).equals(piece);
    }

    private CheckedItem manifestDue(StreamCheck check) throws IOException {
        Description description = reading(() -> Description.of(stream, check));
        if (state.sentAtMs().isEmpty()) {
            ledger.manifest(state.nextAttempt(), inbox.now(id).toEpochMilli(), description.isPack());
        }
        CheckedItem due = new CheckedItem(id, state.attempt(), description);
        checked = due;
        return due;
    }

    private void sendManifest(CheckedItem due) throws IOException {
        bytesSent += inbox.putManifest(item, due.description(), state);
        ledger.delivered();
        checked = null;
    }

    @FunctionalInterface
    private interface Reading<T> {
        T run() throws IOException;
    }

    /// A disk that fails is this item's misfortune and no other's (I5).
    private <T> T reading(Reading<T> read) throws IOException {
        try {
            return read.run();
        } catch (NoSuchFileException e) {
            throw e; // the item was taken away
        } catch (IOException e) {
            throw new BucketException.BodyUnreadable("reading %s to send it: %s".formatted(id, e.getMessage()), e);
        }
    }
}
