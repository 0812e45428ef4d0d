/// Files that survive a crash: durable replacement, moving and deletion, an append-only journal, one owner a directory.
///
/// ```
/// journal := record*
///         ┌───────────┬──────────────┬─────────────────┐
/// record  │ len u32   │ crc32c u32   │ payload, len B  │   the checksum covers len and payload
///         └───────────┴──────────────┴─────────────────┘
/// ```
@NullMarked
package io.edgeship.queue.journal;

import org.jspecify.annotations.NullMarked;
