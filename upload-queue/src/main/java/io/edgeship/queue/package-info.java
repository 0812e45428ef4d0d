/// The spool: what waits on disk to be shipped, and what became of it. A directory of self-describing items, no
/// database; recovery is a scan.
///
/// ```
/// <spool>/version                 "1"
/// <spool>/incarnation             32 hex letters, made once: two boxes of one name never meet in the bucket
/// <spool>/lock                    locked by the process that owns the spool; holds its pid
/// <spool>/incoming/<ULID>/        chunks/, index, meta.json, tombstones: hard links to the source's; item.json
/// <spool>/ready/<ULID>/           the same, meta.json sealed; ledger or inbox-ledger once it is sent; block.pack: the
///                                 block packed (io.edgeship.block.pack), beside its files or for them
/// <spool>/shipped/<ULID>.json     the bucket confirmed it: a record, no bytes
/// <spool>/quarantine/<ULID>/      set aside, with loss.pb: why
///                                 of log chunks: logs/ (links to the source's, by names of the source's kind),
///                                 and once sealed heads, segment.jsonl; in-place-ledger while it is sent in place
/// <spool>/workshop/               blocks that are being written anew, packed or unpacked; emptied when the spool is
///                                 opened
/// <spool>/losses/<ULID>.pb        the last word on a block that was lost: io.edgeship.block.message.v1.Loss
///
/// in an item's directory, orders that are given before they are carried out:
///   loss.pb         outside quarantine/: the item is on its way out of it, its record in losses/ goes too
///   drop.pb         the item goes, this becomes its record in losses/
///   replaces.json   {"parents": [ULID]}: these items go from incoming/ and ready/
///   thins.pb        beside replaces.json: the one that goes held more than this item, this becomes its record in
/// losses/
///
/// item.json := {"version": 1, "kind": "block" or "logs", "ulid", "source": directory, "taken_at": RFC 3339,
///               once sealed: "sealed_at": RFC 3339, "min_time": ms, "max_time": ms,
///               "size_bytes", "copied_bytes",
///               where the agent wrote it anew: "origins": [ULID], the level-1 blocks whose samples it holds}
/// segment.jsonl := a line {"version": 1, "sequence", "sealed_at_ms", "complete_through_ms", "min_time": ms,
///               "max_time": ms}, then a line a chunk, by path:
///               {"path", "size_bytes", "sha256": hex, "link", "head_offset", "head_bytes", "body_offset",
///               of one that a deletion made anew: "replaces": [path]}:
///               shipped are the head's bytes in heads, then those of the link from body_offset on
/// shipped   := {"version": 1, "ulid", "min_time": ms, "max_time": ms, "level", "sources": [ULID], "source",
///               "size_bytes", "shipped_at": RFC 3339}
/// ```
///
/// A name that ends in `.tmp` is not finished or no longer wanted; opening the spool removes it. An item moves between
/// places by one rename of its directory: that rename is the commit point, and the directories above are forced after
/// it. What is in an item's directory is forced before. A block that was written anew brings the order to remove its
/// parents along, so that they go with the rename of it. What there is nothing left of has a record in `shipped/` with
/// `min_time` and `max_time` 0. An item of a later version, or of another kind, is left
/// untouched.
///
/// A pack is made in the workshop, verified and forced; the rename of it into the item is its commit point. Where it
/// stands for the block's files, `index` is the first of them to go and the last to come back: an item with a pack and
/// no `index` has no files, and what a kill left of them is removed. `item.json` keeps the size of the files.
///
/// An item of log chunks takes links in `incoming/` until it is sealed; its `item.json` tells their bytes only then,
/// and of an open one the names in `logs/` are all there is to know. Its source may cut and rewrite what is linked
/// (io.edgeship.ship.loki), so its bytes are the source's word until `segment.jsonl` holds their digests.
///
/// `SpoolCrashTest` kills an agent before and after each change to disk and bucket, and again during recovery;
/// `PowerCutTest` cuts the power in the midst of them, `FullDiskTest` lets the disk run out of room. `SegmentCrashTest`
/// does all three to a segment.
@NullMarked
package io.edgeship.queue;

import org.jspecify.annotations.NullMarked;
