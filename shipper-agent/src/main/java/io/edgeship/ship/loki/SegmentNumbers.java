package io.edgeship.ship.loki;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.queue.Item;
import io.edgeship.queue.ItemKind;
import io.edgeship.queue.Segments;
import io.edgeship.queue.Spool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Counts sealed segments, without holes. The number that was given last is kept after the segment is sealed, so that
/// a crash between the two is caught up from the segment itself. Used by the scanning thread.
final class SegmentNumbers {
    private static final String KEPT = "log-segments";

    private final Spool spool;
    private long last;

    SegmentNumbers(Spool spool) throws IOException {
        this.spool = spool;
        Optional<byte[]> kept = spool.kept(KEPT);
        if (kept.isPresent()) {
            String text = new String(kept.get(), StandardCharsets.US_ASCII).strip();
            try {
                last = Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new IOException(
                        "%s holds no number: write the number of segments sealed so far into it"
                                .formatted(spool.dir().resolve(KEPT)),
                        e);
            }
        }
        for (Item item : spool.ready()) {
            if (item.kind() == ItemKind.LOGS) {
                last = Math.max(last, sequenceOf(item));
            }
        }
    }

    private static long sequenceOf(Item item) throws IOException {
        try {
            return Segments.of(item).sequence();
        } catch (CorruptFormatException e) {
            return 0; // sending it sets it aside
        }
    }

    /// Of the next segment.
    long next() {
        return last + 1;
    }

    void sealed(long sequence) throws IOException {
        last = sequence; // first: the segment is sealed, whatever becomes of the note
        spool.keep(KEPT, Long.toString(sequence).getBytes(StandardCharsets.US_ASCII));
    }
}
