/// Packs: one TSDB block in an eighth of its bytes, from which the very same files are made again.
///
/// ```
/// pack    := magic 0xED6E9AC4 4 B, version 1 B, frame*, end
///            ┌───────────┬───────────────────┬───────────────────┬────────────┐
/// frame      │ kind 1 B  │ len uvarint ≤ 4 B │ payload len bytes │ crc32c 4 B │
///            └───────────┴───────────────────┴───────────────────┴────────────┘
///            ╰─────────────── what crc32c covers ────────────────╯
/// ```
///
/// The payloads of one kind, one after the other, are one stream; frames of several streams may lie between one
/// another. No byte of a frame is used before its checksum was right. Fixed integers are big-endian.
///
/// | kind | stream | payload |
/// |---|---|---|
/// | 1 | header, one frame, the first | Protobuf `edgeship.v1.PackHeader`: files, dialects |
/// | 2 | symbols | size uvarint, zstd |
/// | 3 | chunks that are carried as they are | size uvarint, zstd |
/// | 4 | columns | range coder's bytes |
/// | 5 | files of the form *verbatim*, in the header's order | size uvarint, zstd |
/// | 6 | the end, behind which nothing stands | empty |
///
/// A payload of zstd is one zstd frame of at most 1 MiB when decompressed.
///
/// ```
/// symbols := count uvarint, (shared uvarint, rest uvarint, rest bytes)*       UTF-8, `shared` bytes as the one before
///
/// columns := span*, 0                       a span: series that stand together in the index
/// span    := n, labels*n, series*n          labels in the order of the index, series in that of the columns
/// labels  := name, value, tail              the first label's symbols, by how they differ from those before
/// tail    := 0                              the other labels: those that followed these the last time
///          | 1 id                           known ones
///          | 2 n (name value)*n             new ones, by how they differ from the last new ones
/// series  := times, counts, starts, other*, [values]
/// times   := 0 | 1 id | 2 n (from | delta (delta of delta)*)    as guessed, known, new (part of those guessed)
/// counts  := 0 | 1 id | 2 n count*          samples of each chunk; 0: the chunk is another than one of XOR floats
/// starts  := n position*                    chunks with which a segment file begins
/// other   := encoding, (0 part | 1 (0 | 1 encoding part)*5), minTime, maxTime     one chunk, or five of aggregates
/// part    := 0 length                       its bytes are the next of the stream of chunks
///          | 1 [reset layout] chunktimes start* column*     samples of a chunk for itself
/// layout  := 1 | 0 schema threshold spans spans bounds      that of the chunk before, or another
/// chunktimes := id [n, delta (delta of delta)*]     known ones, or the next id and what it stands for
/// column  := class [e] odd count, divisor, first, delta*, ulps, (position, odd)*      doubles, as `numbers`
///          | first, delta*                  count, zeroes or bucket of a histogram of integers
/// values  := 0 constant                     all values have the same bits
///          | 1 [total] | [distance]         those of the histogram's bucket of all events, or of an earlier series
///          | 2 numbers                      integers
///          | 3 e numbers                    doubles nearest to integer/10^e
///          | 4 e numbers ulps               doubles not far from such: sums that were added up in floating point
///          | 5 numbers                      bits, as numbers that order as the doubles do
/// numbers := divisor, odd count, first, delta*, ulps, (position, odd)*
/// odd     := 0 | 1 | 2 64 bits              a stale marker, the usual NaN, other NaNs and -0.0
/// ```
///
/// Every number of the columns goes through one adaptive binary range coder: whether it is zero, its sign, its
/// exponent and four bits of its mantissa, each in a slot that knows how often it was what. Which slots a
/// number takes follows from what it says ([io.edgeship.block.pack.Field]) and what stands around it; the
/// values of a series have slots of their own, kept in part while the metric stays the same. A bucket's delta
/// is what it has more than the bucket below, in the context of how many events are left.
///
/// The order of the columns is the index's but for the buckets of a histogram within a span: the one of all
/// events first, then by their bounds. All that is not in the columns follows from them: chunks are encoded
/// anew, in the bit dialect that the header names; minTime, maxTime, references, offsets, postings, checksums
/// are computed.
///
/// Chunks of histograms, of XOR2 and of aggregates are taken apart one by one: a histogram into sum, count,
/// zeroes and buckets, a start timestamp by how it differs from the one before or from the time of the sample
/// before. A bucket of integers is coded in the context of how many events are left, the last by how it differs from
/// them; a first number by that with which the series' chunk before ended. A chunk that would not come out the same is
/// carried; so is one of an unknown encoding, and one of more than 131 072 numbers, or of more numbers than bits.
///
/// **Memory.** A reader holds the symbols, tails and postings, which grow with the index; a span
/// ([io.edgeship.block.pack.PackLimits]: 4 MiB of chunks, and one series), a window of 12 MiB of earlier
/// series, and two dictionaries of a million numbers that are emptied when they are full. None of it grows with
/// the samples.
///
/// **Trust.** Packs come from sites. Sizes are declared first and held against the reader's limits; a sample
/// takes two bits of a declared chunk byte at least, so that work is bounded by them. A file is finished only
/// if its bytes hash as declared. What is wrong with a pack is told as
/// [io.edgeship.block.encoding.CorruptFormatException].
///
/// **Determinism.** The same block gives the same bytes (I4): compression and arithmetic are Java's own,
/// doubles are used only in operations that IEEE 754 fixes to the bit.
///
/// A packer unpacks what it wrote and compares every hash (I10). Where anything differs, where the block is
/// damaged or of another index version, all files travel verbatim; where the columns gain little, the smaller
/// of the two travels.
@NullMarked
package io.edgeship.block.pack;

import org.jspecify.annotations.NullMarked;
