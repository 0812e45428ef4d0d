/// Ships an item: its files, part by part, then `meta.json` (I1). What the bucket acknowledged is kept in the item's
/// `ledger`, so that a kill, a reboot or a lost link costs at most the part under way.
///
/// ```
/// ledger := records of io.edgeship.queue.journal, each a JSON object
///   {"file", "begin": upload id, "at"?: store's time}                  an upload of that file began; forgets its parts
///   {"file", "part": number, "size", "md5", "crc32c", "etag"}          the bucket acknowledged a part
///   {"file", "done": multipart?, "etag"?}                              the object is complete, of the parts above
///   {"file", "forget": true}                                           the bucket lost it: it is sent again
/// ```
///
/// Parts are numbered from 1 without a gap; each begins where the ones before it end. An upload without `at` has an age
/// that nobody knows; early ledgers had none, and a `part_size` that is not read any more. `etag` of an object is
/// what the store replied; it is missing where that reply got lost.
///
/// A segment of log chunks goes chunk by chunk to where a central Loki reads them, then its manifest goes to the inbox:
///
/// ```
/// in-place-ledger := records of the same journal
///   {"through": path, "bytes": of these}     the bucket has this chunk, and all before it in the order of paths
/// ```
@NullMarked
package io.edgeship.queue.transport.plain;

import org.jspecify.annotations.NullMarked;
