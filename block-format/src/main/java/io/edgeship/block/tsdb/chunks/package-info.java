/// Chunk segment files: `chunks/000001`, `chunks/000002`, … of a TSDB block.
///
/// ```
/// segment := header chunk*
///
///         ┌──────────────────────┬─────────────┬─────────────┐
/// header  │ magic 0x85BD40DD 4 B │ version 1 B │ zeroes 3 B  │
///         └──────────────────────┴─────────────┴─────────────┘
///         ┌───────────────────┬──────────────┬────────────────┬────────────┐
/// chunk   │ len uvarint ≤ 5 B │ encoding 1 B │ data len bytes │ crc32c 4 B │
///         └───────────────────┴──────────────┴────────────────┴────────────┘
///                             ╰──── what crc32c covers ───────╯
/// ```
///
/// Integers are big-endian. A chunk reference in the index packs the zero-based segment number in its upper 32 bits and
/// the offset of `len` in its lower 32. The zeroes are protected by nothing.
///
/// The layout is Prometheus's (`tsdb/chunks/chunks.go`, 3.14); `BlockReaderTest` reads segments that Prometheus itself
/// wrote, so this page and the code cannot drift apart unnoticed.
@NullMarked
package io.edgeship.block.tsdb.chunks;

import org.jspecify.annotations.NullMarked;
