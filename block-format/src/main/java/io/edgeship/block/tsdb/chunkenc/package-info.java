/// Chunk encodings: samples in and out. This build decodes XOR.
///
/// ```
/// xor := count u16, first, second?, following*        a stream of bits, most significant first
///
/// first     := t0 varint, v0 f64
/// second    := (t1 - t0) uvarint, value
/// following := dod, value                              delta of delta: (t[n]-t[n-1]) - (t[n-1]-t[n-2])
/// dod       := 0 | 10 14 bits | 110 17 bits | 1110 20 bits | 1111 64 bits     signed, range (-2^(n-1), 2^(n-1)]
/// value     := 0                                       the same bits as before
///            | 10 bits                                 xor with the one before, in the window of the last one
///            | 11 leading 5 bits, length 6 bits, bits  xor with the one before; length 0 means 64
/// ```
///
/// Timestamps are milliseconds, values the 64 bits of a double, whose NaN payloads matter: 0x7ff0000000000002 marks a
/// series that went stale. Nothing here has a checksum of its own; the segment's covers it. Source:
/// `tsdb/chunkenc/xor.go` of Prometheus, after "Gorilla: a fast, scalable, in-memory time series database" (VLDB 2015).
@NullMarked
package io.edgeship.block.tsdb.chunkenc;

import org.jspecify.annotations.NullMarked;
