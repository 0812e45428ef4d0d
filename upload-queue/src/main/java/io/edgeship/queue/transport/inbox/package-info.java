/// Sends an item through the inbox: small pieces, then a manifest, then the centre's receipt decides. Pieces fit any
/// link, and the agent needs no more than to put below its own inbox and to get its own receipts.
///
/// The item's stream of bytes is its files one after the other, the sealed `meta.json` last; or, where it has one, its
/// pack alone, and then the manifest brings what `meta.json` says and which files the centre is to make. It is cut into
/// pieces
/// without holes, each as large as the link likes at that moment; a piece's name tells place and checksum
/// ([io.edgeship.block.message.PieceName]). What the bucket confirmed is kept in the item's `inbox-ledger`:
///
/// ```
/// inbox-ledger := records of io.edgeship.queue.journal, each a JSON object
///   {"cut": piece, "confirmed": bool}       this piece goes out next; true: the bucket has the cut before it,
///                                           false: that one is void
///   {"confirmed": true}                     the bucket has the last cut
///   {"manifest": attempt, "sent_at": ms,    a manifest of all that is confirmed goes out next; whether the stream
///    "pack": bool}                          is the pack
///   {"delivered": attempt}                  the bucket has it: the centre's answer is awaited
///   {"owed": [piece]}                       these are to be cut and sent again
///   {"owed": [piece], "all": bool,          these are, or all are, for the centre's answer said so; it is no longer
///    "answered": attempt,                   awaited
///    "decided_at": ms, "missing": bool,     whether missing pieces were the reason; whether it was a pack that was
///    "as_files": bool}                      rejected, so that the files go out from here on
///   {"as_files": true}                      they do, for the disk does not give the pack; everything is owed
///
/// piece := "<offset>-<length>-<crc32c>"
/// ```
///
/// A piece costs one record, forced before the piece goes out, for each cut says what became of the one before it: with
/// two, small pieces would wear an SD card twice as fast. What a crash can take is that word on the very last piece;
/// then the same piece goes out once more under the same name. A manifest is recorded before it goes out, so that a
/// lost reply is followed by the same bytes, and whatever is cut after it gets a higher attempt.
///
/// The ledger is a memo. A damaged one is thrown away: that sends again, and loses nothing, for what counts is the
/// receipt. An attempt that went back with it is caught up by the receipt, which names the attempt that it answers.
@NullMarked
package io.edgeship.queue.transport.inbox;

import org.jspecify.annotations.NullMarked;
