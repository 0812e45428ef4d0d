package io.edgeship.queue;

import java.util.Locale;

/// Where in the spool an item is; also the name of its directory, in lower case.
public enum Place {
    /// Linked, not sealed: it waits for labels.
    INCOMING,
    /// Sealed, to be shipped.
    READY,
    /// Confirmed by the bucket; only a record is left.
    SHIPPED,
    /// Set aside with its bytes and a loss record, until a person retries or drops it.
    QUARANTINE;

    public String directory() {
        return name().toLowerCase(Locale.ROOT);
    }
}
