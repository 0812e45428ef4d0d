/// The spool: what waits on disk to be shipped, and what became of it. A directory of self-describing items, no
/// database;
/// recovery is a scan.
///
/// ```
/// <spool>/version                 "1"
/// <spool>/incarnation             32 hex letters, made once: two boxes of one name never meet in the bucket
/// <spool>/lock                    held by the process that owns the spool; its pid
/// <spool>/incoming/<ULID>/        chunks/, index, meta.json as the source wrote them (hard links), item.json
/// <spool>/ready/<ULID>/           the same, meta.json sealed; ledger once the upload began
/// <spool>/shipped/<ULID>.json     the bucket confirmed it: a record, no bytes
/// <spool>/quarantine/<ULID>/      set aside, with loss.pb: why
/// <spool>/losses/<ULID>.pb        every loss that was recorded, io.edgeship.block.message.v1.Loss
///
/// item.json := {"version": 1, "kind": "block", "ulid", "source": dir, "taken_at": ms, "size_bytes", "copied_bytes"}
/// shipped   := {"version": 1, "ulid", "minTime", "maxTime", "level", "sources": [ULID], "source", "size_bytes",
/// "shipped_at": ms}
/// ```
///
/// A name that ends in `.tmp` is not finished or no longer wanted; opening the spool removes it. An item moves between
/// places by one rename of its directory: that rename is the commit point, and the directories above are forced after
/// it.
/// An item of a later version is left untouched.
@NullMarked
package io.edgeship.queue;

import org.jspecify.annotations.NullMarked;
