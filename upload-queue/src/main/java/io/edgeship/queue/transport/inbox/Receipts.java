package io.edgeship.queue.transport.inbox;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Reads what the centre answered. [#restriction] may be called by any thread, [#read] by one.
final class Receipts {
    /// Far more than an item was ever sent: what claims more is no answer to us.
    static final int ATTEMPT_MAX = 1 << 30;

    /// How long a denial may be taken for "no such object" before a person hears of it.
    private static final Duration DENIED_MAX = Duration.ofDays(1);

    private final Bucket bucket;
    private final String site;
    private final String incarnation;
    private boolean everRead;
    private volatile Optional<Instant> deniedSince = Optional.empty();

    Receipts(Bucket bucket, String site, String incarnation) {
        this.bucket = bucket;
        this.site = site;
        this.incarnation = incarnation;
    }

    /// What lies where an item's receipt belongs.
    sealed interface Found {
        /// @param denied whether the store would not say
        record Nothing(boolean denied) implements Found {}

        /// An answer to an item of this ULID, sound in itself.
        record Answer(Receipt receipt) implements Found {}

        /// Bytes that are no answer to this item.
        record Unusable(String why) implements Found {}

        /// Written by a centre that is newer than this build can read.
        record TooNew(String why) implements Found {}
    }

    Found read(BlockId id) throws BucketException {
        String key = BucketLayout.receiptKey(site, incarnation, id);
        byte[] bytes;
        try (InputStream in = bucket.get(key)) {
            bytes = in.readNBytes(TransportMessages.BYTES_MAX + 1);
        } catch (BucketException.NotFound _) {
            readable();
            return new Found.Nothing(false);
        } catch (BucketException.AccessDenied _) {
            denied();
            return new Found.Nothing(true);
        } catch (BucketException e) {
            throw e;
        } catch (IOException e) {
            throw new BucketException.Unavailable("reading " + key + ": " + e.getMessage(), e);
        }
        readable();
        return parse(id, key, bytes);
    }

    /// Set once receipts were denied for long and none was ever read: without permission to list, S3 answers a missing
    /// object with "access denied" as well, so one denial says nothing.
    Optional<String> restriction() {
        Optional<Instant> since = deniedSince;
        Optional<Instant> now = bucket.clock().now();
        if (since.isEmpty() || now.isEmpty() || now.get().isBefore(since.get().plus(DENIED_MAX))) {
            return Optional.empty();
        }
        return Optional.of("no receipt could be read since %s: grant GetObject on %s%s/%s/receipts/*, or look why the "
                        .formatted(since.get(), BucketLayout.SITES, site, incarnation)
                + "centre does not answer");
    }

    private void readable() {
        everRead = true;
        deniedSince = Optional.empty();
    }

    private void denied() {
        if (!everRead && deniedSince.isEmpty()) {
            deniedSince = bucket.clock().now();
        }
    }

    private static Found parse(BlockId id, String key, byte[] bytes) {
        Receipt receipt;
        try {
            receipt = TransportMessages.receipt(key, bytes);
        } catch (UnsupportedVersionException e) {
            return new Found.TooNew("%s: upgrade this agent".formatted(e.getMessage()));
        } catch (CorruptFormatException e) {
            return new Found.Unusable(String.valueOf(e.getMessage()));
        }
        if (!receipt.getUlid().equals(id.toString())) {
            return new Found.Unusable("%s is about '%s'".formatted(key, receipt.getUlid()));
        }
        if (receipt.getAttempt() < 1 || receipt.getAttempt() > ATTEMPT_MAX) {
            return new Found.Unusable(
                    "%s answers attempt %s".formatted(key, Integer.toUnsignedString(receipt.getAttempt())));
        }
        if (receipt.getVerdict() == Receipt.Verdict.VERDICT_UNSPECIFIED) {
            return new Found.Unusable(key + " has no verdict");
        }
        return new Found.Answer(receipt);
    }
}
