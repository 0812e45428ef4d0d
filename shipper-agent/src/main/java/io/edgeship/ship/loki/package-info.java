/// The chunks of a Loki at the site: found by a scan of its chunk root, linked into an open segment of the spool,
/// sealed every two hours by arrival.
///
/// Loki writes a chunk in place and gives no sign that it is whole but the checksum in its name; after a crash it may
/// cut a file that was whole to nothing and write the same bytes once more. So the checksum is held against the bytes
/// before a chunk is linked, when its segment is sealed, and before what is sent counts.
///
/// ```
/// in the spool's directory (io.edgeship.queue draws the rest):
///   taken-chunks    "edgeship taken chunks 1\n", then 16 bytes a chunk that the chunk root holds and that is not to be
///                   taken again: the first of SHA-256 over `<tenant>/<fp>:<from>:<through>:<crc>`; crc32c u32 of all
///   returned-chunks   what is to be taken again: a link's name a line
///   refused-chunks    what the full spool did not take: likewise
///   rewritten-chunks  of the open segment: a link's name, and the paths at the centre of what it stands for, each
///                     after a blank; a line a chunk
///   delete-requests   what Loki was asked to delete: JSON, one a line
///   log-segments    the sequence number of the segment that was sealed last, in decimal digits
///
/// a link's name in a segment := <fp>-<from>-<through>-<crc>-<tenant>, the numbers as Loki has them: unpadded hex
/// ```
///
/// What both forget costs sending once more: the same chunk has the same key at the centre.
@NullMarked
package io.edgeship.ship.loki;

import org.jspecify.annotations.NullMarked;
