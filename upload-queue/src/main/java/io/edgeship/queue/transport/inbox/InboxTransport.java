package io.edgeship.queue.transport.inbox;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.queue.Item;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.queue.transport.Transport;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sends items in pieces through the inbox and hears from the centre what became of them. It puts below
/// `edgeship/inbox/<site>/<incarnation>/` and gets below `edgeship/sites/<site>/<incarnation>/receipts/`, and makes no
/// other request. Not thread-safe but for [#restriction].
public final class InboxTransport implements Transport {
    /// As many answers that something is missing are bad luck; more are somebody's fault.
    private static final int MISSING_ROUNDS_QUIET = 10;

    /// The centre works in rounds of minutes; whatever takes so long may be a manifest that got lost.
    private static final Duration REMIND_AFTER = Duration.ofHours(6);

    private static final Log LOG = Log.of(InboxTransport.class);

    private final Disk disk;
    private final Inbox inbox;
    private final Receipts receipts;
    private final Reminders reminders;
    private final PieceSizing sizing;
    private final UploadProgress progress;
    private final AwaitedItems awaited = new AwaitedItems();
    private final LinkedHashSet<BlockId> complained = new LinkedHashSet<>();
    private @Nullable CheckedItem checked;
    private boolean putsDenied;

    /// @param site        as the item's labels name it
    /// @param incarnation of the spool that the items lie in
    public InboxTransport(
            Bucket bucket,
            String site,
            String incarnation,
            String agentVersion,
            PieceSizing sizing,
            UploadProgress progress) {
        this(bucket, site, incarnation, agentVersion, sizing, progress, REMIND_AFTER, Disk.system());
    }

    /// @param remindAfter an item that was asked about so long without an answer gets its manifest put once more; then
    ///     after twice as long each time, up to a week
    /// @param disk        that the ledgers lie on
    public InboxTransport(
            Bucket bucket,
            String site,
            String incarnation,
            String agentVersion,
            PieceSizing sizing,
            UploadProgress progress,
            Duration remindAfter,
            Disk disk) {
        this.disk = disk;
        this.inbox = new Inbox(bucket, site, incarnation, agentVersion);
        this.receipts = new Receipts(bucket, site, incarnation);
        this.reminders = new Reminders(bucket::clock, remindAfter);
        this.sizing = sizing;
        this.progress = progress;
    }

    /// What is in the way of receipts, for people; empty while nothing is known to be.
    @Override
    public Optional<String> restriction() {
        return receipts.restriction();
    }

    /// What the bucket confirmed of an item so far, by what is kept beside it. May be called by any thread and beside
    /// the item's owner.
    public static long confirmedBytes(Item item) throws IOException {
        return PieceLedger.look(item.dir()).confirmed().bytes();
    }

    /// Whether the item was sent whole and the centre's answer is outstanding, by what is kept beside it. As
    /// [#confirmedBytes].
    public static boolean isDelivered(Item item) throws IOException {
        return PieceLedger.look(item.dir()).isAwaited();
    }

    /// Whether the item's pack was found to be no good, so that its files are sent. As [#confirmedBytes].
    public static boolean goesAsFiles(Item item) throws IOException {
        return PieceLedger.look(item.dir()).goesAsFiles();
    }

    @Override
    public Outcome ship(Item item) throws IOException {
        try (PieceLedger ledger = PieceLedger.open(item.dir(), disk)) {
            long bytesSent = 0;
            if (!ledger.state().isAwaited()) {
                reminders.forget(item.id());
                bytesSent = deliver(item, ledger);
            }
            putsDenied = false;
            awaited.note(item.id(), ledger.state());
            return new Outcome.Delivered(bytesSent);
        } catch (BucketException.AccessDenied e) {
            putsDenied = true;
            throw e;
        }
    }

    /// A pack that the disk does not give any more is no reason to set aside an item whose files are here.
    private long deliver(Item item, PieceLedger ledger) throws IOException {
        try {
            return deliverOnce(item, ledger);
        } catch (BucketException.BodyUnreadable e) {
            if (ledger.state().goesAsFiles() || item.pack().isEmpty() || !item.hasFiles()) {
                throw e;
            }
            LOG.error("pack cannot be read, the block's files are sent", e, "block", item.id());
            ledger.asFiles();
            return deliverOnce(item, ledger);
        }
    }

    private long deliverOnce(Item item, PieceLedger ledger) throws IOException {
        Delivery delivery = new Delivery(inbox, item, ledger, sizing, progress, checked);
        try {
            delivery.run();
        } finally {
            checked = delivery.checked();
        }
        return delivery.bytesSent();
    }

    @Override
    public boolean isAwaited(Item item) throws IOException {
        return find(item).attempt() > 0;
    }

    /// An answer that is no use is logged once and waited out. [Answer.Missing] with no pieces says that the centre
    /// read a manifest older than the last one: only a manifest is sent again. An item that has no answer
    /// for long is told again.
    @Override
    public Answer poll(Item item) throws IOException {
        AwaitedItems.Awaited ours = find(item);
        if (ours.attempt() == 0) {
            throw new IllegalStateException(item.id() + " awaits no answer");
        }
        Answer answer = answer(item, ours);
        boolean isOpen = answer instanceof Answer.Waiting || answer instanceof Answer.TooNew;
        if (!isOpen) {
            reminders.forget(item.id());
        } else if (reminders.isDue(item.id())) {
            remind(item);
        }
        return answer;
    }

    /// Puts the manifest that the centre should have read once more, byte for byte: the first may have been lost, or a
    /// late duplicate of an older one may have taken its place. The pieces stay where they are.
    private void remind(Item item) throws IOException {
        try (PieceLedger ledger = PieceLedger.open(item.dir(), disk)) {
            Optional<Description> sent = SentFiles.readAgain(item, ledger.state());
            if (sent.isPresent()) {
                LOG.info("no answer for long, the manifest is put once more", "block", item.id());
                inbox.putManifest(item, sent.get(), ledger.state());
                putsDenied = false;
            }
            reminders.told(item.id());
        } catch (BucketException.AccessDenied e) {
            putsDenied = true;
            throw e;
        }
    }

    private Answer answer(Item item, AwaitedItems.Awaited ours) throws IOException {
        return switch (receipts.read(item.id())) {
            case Receipts.Found.Nothing(boolean denied) -> nothing(item, denied);
            case Receipts.Found.Unusable(String why) -> unusable(item, why);
            case Receipts.Found.TooNew(String why) -> new Answer.TooNew(why);
            case Receipts.Found.Answer(Receipt receipt) -> judge(item, ours, receipt);
        };
    }

    /// A denied read says "not yet" only while puts get through.
    private Answer nothing(Item item, boolean denied) throws BucketException {
        if (denied && putsDenied) {
            throw new BucketException.AccessDenied("reading the receipt of " + item.id(), null);
        }
        return new Answer.Waiting();
    }

    /// Whichever attempt was accepted, the block is in the bucket, for an item never changes.
    private Answer judge(Item item, AwaitedItems.Awaited ours, Receipt receipt) throws IOException {
        if (receipt.getAttempt() < ours.attempt() && receipt.getVerdict() != Receipt.Verdict.VERDICT_ACCEPTED) {
            return older(item, ours, receipt);
        }
        return switch (receipt.getVerdict()) {
            case VERDICT_ACCEPTED -> new Answer.Accepted();
            case VERDICT_MISSING -> missing(item, receipt);
            case VERDICT_REJECTED -> rejected(item, receipt);
            case VERDICT_TOO_NEW -> new Answer.TooNew(receipt.getDetail());
            case VERDICT_UNSPECIFIED, UNRECOGNIZED -> unusable(item, "receipt of " + item.id() + " has no verdict");
        };
    }

    private Answer unusable(Item item, String why) {
        if (complained.add(item.id())) {
            LOG.error("receipt is of no use, waiting for another", "block", item.id(), "why", why);
        }
        if (complained.size() > AwaitedItems.SIZE_MAX) {
            complained.removeFirst();
        }
        return new Answer.Waiting();
    }

    /// The receipt that the last manifest was the answer to lies there until the next one replaces it. Any other means
    /// that a manifest of before arrived late and took the place of ours.
    private Answer older(Item item, AwaitedItems.Awaited ours, Receipt receipt) throws IOException {
        LedgerState.Answered answered = answered(receipt);
        if (answered.equals(ours.answered())) {
            return new Answer.Waiting();
        }
        try (PieceLedger ledger = PieceLedger.open(item.dir(), disk)) {
            ledger.answeredAnOlderOne(answered);
            awaited.note(item.id(), ledger.state());
        }
        return new Answer.Missing(0, 0);
    }

    private Answer missing(Item item, Receipt receipt) throws IOException {
        try (PieceLedger ledger = PieceLedger.open(item.dir(), disk)) {
            LedgerState state = ledger.state();
            List<PieceName> pieces = ours(item, receipt, state.confirmed());
            int count = pieces.size();
            long bytes = pieces.stream().mapToLong(PieceName::length).sum();
            if (pieces.isEmpty()) { // then there is no telling what the centre has
                count = state.confirmed().inOrder().size();
                bytes = state.confirmed().bytes();
            }
            ledger.missing(answered(receipt), pieces);
            awaited.note(item.id(), state);
            if (state.missingInARow() > MISSING_ROUNDS_QUIET) {
                LOG.error("pieces are lost again and again", "block", item.id(), "times", state.missingInARow());
            } else {
                LOG.warn("pieces are lost, sending them again", "block", item.id(), "pieces", count, "bytes", bytes);
            }
            return new Answer.Missing(count, bytes);
        }
    }

    /// Those of the pieces that the centre misses that were sent and confirmed.
    private static List<PieceName> ours(Item item, Receipt receipt, Pieces confirmed) {
        LinkedHashSet<PieceName> ours = new LinkedHashSet<>();
        for (Receipt.Piece piece : receipt.getMissingList()) {
            PieceName.tryOf(piece.getOffset(), piece.getLength(), piece.getCrc32C())
                    .filter(confirmed::contains)
                    .ifPresent(ours::add);
        }
        int strange = receipt.getMissingCount() - ours.size();
        if (strange > 0) {
            LOG.warn("centre misses pieces that were never sent", "block", item.id(), "pieces", strange);
        }
        return new ArrayList<>(ours);
    }

    /// Nothing is awaited any more. The files follow a pack; should a person have an item of files sent again, all of
    /// it goes.
    private Answer rejected(Item item, Receipt receipt) throws IOException {
        try (PieceLedger ledger = PieceLedger.open(item.dir(), disk)) {
            boolean wasPack = ledger.state().isPack();
            ledger.rejected(answered(receipt), wasPack);
            awaited.note(item.id(), ledger.state());
            return wasPack ? new Answer.PackRejected(receipt.getDetail()) : new Answer.Rejected(receipt.getDetail());
        }
    }

    private static LedgerState.Answered answered(Receipt receipt) {
        return new LedgerState.Answered(receipt.getAttempt(), receipt.getDecidedAtMs());
    }

    private AwaitedItems.Awaited find(Item item) throws IOException {
        if (Files.notExists(item.dir().resolve(PieceLedger.FILE_NAME))) {
            return AwaitedItems.NOTHING; // also of a block that came back under the same name
        }
        Optional<AwaitedItems.Awaited> known = awaited.find(item.id());
        if (known.isPresent()) {
            return known.get();
        }
        try (PieceLedger ledger = PieceLedger.open(item.dir(), disk)) {
            return awaited.note(item.id(), ledger.state());
        }
    }
}
