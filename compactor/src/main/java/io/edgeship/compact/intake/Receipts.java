package io.edgeship.compact.intake;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.runtime.http.Metrics;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;

/// The answers to items, each replaced by the next one to the same item.
final class Receipts {
    /// Pieces that one receipt names; the rest is named by the answer to the next manifest.
    static final int PIECES_MAX = 10_000;

    private static final Log LOG = Log.of(Receipts.class);
    private static final int DETAIL_CHARS_MAX = 600;

    private final Bucket bucket;
    private final Instant now;

    /// @param now by the store's clock
    Receipts(Bucket bucket, Instant now) {
        this.bucket = bucket;
        this.now = now;
    }

    /// The last answer to an item, or an empty one. One that is damaged counts as none: it will be written again.
    ///
    /// @throws UnsupportedVersionException for one of a later centre
    Receipt last(InboxItem item) throws IOException {
        String key = item.receiptKey();
        try (InputStream in = bucket.get(key)) {
            return TransportMessages.receipt(key, in.readNBytes(TransportMessages.BYTES_MAX + 1));
        } catch (BucketException.NotFound e) {
            return Receipt.getDefaultInstance();
        } catch (CorruptFormatException e) {
            LOG.warn("receipt is damaged, taken as absent", "key", key, "err", e.getMessage());
            return Receipt.getDefaultInstance();
        }
    }

    void write(InboxItem item, int attempt, Receipt.Verdict verdict, String detail, List<PieceName> missing)
            throws BucketException {
        Receipt.Builder receipt = Receipt.newBuilder()
                .setVersion(TransportMessages.VERSION)
                .setUlid(item.id().toString())
                .setAttempt(attempt)
                .setVerdict(verdict)
                .setDetail(detail.substring(0, Math.min(detail.length(), DETAIL_CHARS_MAX)))
                .setDecidedAtMs(now.toEpochMilli())
                .setCompactorVersion(Metrics.version());
        missing.stream().limit(PIECES_MAX).forEach(piece -> receipt.addMissing(message(piece)));
        bucket.put(item.receiptKey(), Body.of(receipt.build().toByteArray()));
    }

    private static Receipt.Piece message(PieceName piece) {
        return Receipt.Piece.newBuilder()
                .setOffset(piece.offset())
                .setLength(piece.length())
                .setCrc32C(piece.crc32c())
                .build();
    }
}
