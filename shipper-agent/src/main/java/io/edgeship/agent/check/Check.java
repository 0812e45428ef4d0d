package io.edgeship.agent.check;

import java.util.Locale;

/// What is looked at; each has its row in `docs/operations/check.md`.
public enum Check {
    PATH,
    ACCESS,
    UID,
    HARD_LINK,
    DISK,
    FILE_SYSTEM,
    INODES,
    BLOCKS,
    PROMETHEUS_VERSION,
    DELAY_FILE,
    COMPACTION,
    RETENTION,
    ROOM,
    CHUNKS,
    LOKI,
    TENANTS,
    LABELS,
    HTTP,
    LINK_WINDOWS,
    LINK_BUDGET,
    TLS,
    S3_PUT,
    S3_GET,
    S3_HEAD,
    S3_LIST,
    S3_MULTIPART_CREATE,
    S3_MULTIPART_UPLOAD,
    S3_MULTIPART_LIST,
    S3_MULTIPART_ABORT,
    S3_DELETE,
    S3_MARKS,
    S3_OTHER_SITES,
    S3_RECEIPTS,
    STORE,
    CLOCK,
    THROUGHPUT;

    /// As people see it: `hard-link`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
