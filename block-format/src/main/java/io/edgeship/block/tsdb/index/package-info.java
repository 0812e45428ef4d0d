/// The `index` of a TSDB block: which series it has and where their chunks are.
///
/// ```
/// index := header, symbols, series, (label indices), postings, (label offset table), postings offset table, toc
///
/// header  := magic 0xBAAAD700 u32, version u8                               1 to 3
/// symbols := len u32, count u32, (length uvarint, UTF-8)*, crc32c u32       sorted, each once
/// series  := entry*                                                         sorted by labels
/// entry   := len uvarint, body, crc32c u32                                  version 2: begins at a multiple of 16
/// body    := labels uvarint, (name uvarint, value uvarint)*,                symbol references
///            chunks uvarint, minTime varint, (maxTime - minTime) uvarint, ref uvarint,
///            (minTime - maxTime before, uvarint; maxTime - minTime, uvarint; ref - ref before, varint)*
/// postings list         := len u32, count u32, series reference u32*, crc32c u32      begins at a multiple of 4
/// postings offset table := len u32, count u32, (2 u8, name, value, offset uvarint)*, crc32c u32
/// toc     := symbols u64, series u64, label indices u64, label offset table u64, postings u64,
///            postings offset table u64, crc32c u32                          the last 52 bytes
/// ```
///
/// Integers are big-endian. Each crc32c covers what stands between the length before it and itself, that of an entry
/// its body, that of the toc its six offsets. A symbol reference is the symbol's number in version 2 and its offset in
/// the file in version 1; a series reference is the entry's offset divided by 16 in version 2 and the offset itself in
/// version 1. Label indices and their table are written by old versions only and read by nobody. Header and padding
/// have no checksum.
///
/// Version 3 differs from version 2 in its number alone: Prometheus 3.14 reads it and writes none, a Thanos store
/// gateway refuses it.
///
/// Source: `tsdb/index/index.go` of Prometheus 3.14, whose documentation page still describes version 1.
/// `GoldenIndexTest` writes indexes of Prometheus again, byte for byte. The table of postings is in strict order since
/// version 2.
@NullMarked
package io.edgeship.block.tsdb.index;

import org.jspecify.annotations.NullMarked;
