/// Ships an item: its files, part by part, then `meta.json` (I1). What the bucket acknowledged is kept in the item's
/// `ledger`, so
/// that a kill, a reboot or a lost link costs at most the part under way.
///
/// ```
/// ledger := records of io.edgeship.queue.journal, each a JSON object
///   {"file", "begin": upload id, "part_size"}                          an upload of that file began; forgets its parts
///   {"file", "part": number, "size", "md5", "crc32c", "etag"}          the bucket acknowledged a part
///   {"file", "done": multipart?}                                       the object is complete; its parts are those
/// above
///   {"file", "forget": true}                                           the bucket lost it: it is sent again
/// ```
@NullMarked
package io.edgeship.queue.transport.plain;

import org.jspecify.annotations.NullMarked;
