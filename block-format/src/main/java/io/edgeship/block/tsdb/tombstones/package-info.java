/// Tombstones: ranges of samples that were deleted from a block and are still in its chunks. The file `tombstones` of a
/// block.
///
/// ```
///       ┌──────────────────────┬─────────────┬──────────────────────────────────────────────┬────────────┐
/// file  │ magic 0x0130BA30 4 B │ version 1 B │ (series uvarint, minTime varint, maxTime varint)* │ crc32c 4 B │
///       └──────────────────────┴─────────────┴──────────────────────────────────────────────┴────────────┘
///                                            ╰──────────── what crc32c covers ───────────────╯
/// ```
///
/// `series` is the reference by which postings name a series; both times are inclusive. Source:
/// `tsdb/tombstones/tombstones.go` of Prometheus 3.14.
@NullMarked
package io.edgeship.block.tsdb.tombstones;

import org.jspecify.annotations.NullMarked;
