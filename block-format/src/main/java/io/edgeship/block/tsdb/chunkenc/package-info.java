/// Chunk encodings: samples in and out. Everything is a stream of bits, most significant first, behind a header of
/// whole bytes; integers of a fixed size are big-endian.
///
/// ```
/// 1    xor             := count u16, t0 varint, v0 f64, [second, following*]
/// 4    xor2            := count u16, starts u8, t0 varint, v0 f64, [s0 varint], [second2 start, (following2 start)*]
/// 2    histogram       := count u16, reset u8, layout, first, following*
/// 3    floathistogram  := as 2, with float counts
/// 5, 6 … with starts   := reset in the two top bits of count, starts u8, then as 2 and 3, a start behind each sample
/// 0xff aggregates      := 5 x (0 uvarint | length uvarint, encoding u8, length bytes)   count sum min max counter
///
/// xor
/// second     := (t1 - t0) uvarint, value
/// following  := dod, value                             delta of delta: (t[n]-t[n-1]) - (t[n-1]-t[n-2])
/// dod        := 0 | 10 14 bits | 110 17 bits | 1110 20 bits | 1111 64 bits      centred
/// value      := 0                                      the same bits as before
///             | 10 bits                                differing bits, in the window of the last change
///             | 11 window                              differing bits, in a new window
/// window     := leading zeroes 5 bits (31 at most), length 6 bits (0 means 64), bits
///
/// xor2
/// second2    := (t1 - t0) uvarint, value2
/// following2 := 0                                      dod 0, same value
///             | 10 (0 bits | 1 window)                 dod 0, another value
///             | 110 13 bits value2 | 1110 20 bits value2 | 11110 64 bits value2    dod, two's complement
///             | 11111                                  dod 0, stale marker
/// value2     := 0 | 10 bits | 110 window | 111         same, in the window, in a new one, stale marker
///
/// A stale marker leaves the value that the next one is compared with as it was; before any value that is 0.
///
/// start timestamps
/// starts     := 1 bit: the first sample has one (s0 := t0 - start), 7 bits: index of the first sample that says more
///               (0: none does; sample 127 always does)
/// start      := nothing before that index
///             | varbit of (t[n-1] - start)             at that index
///             | varbit of the change of (t[n-1] - start)    after it
///
/// histograms
/// reset      := 2 bits: 00 unknown, 01 not reset, 10 reset, 11 gauge; 6 bits zero
/// layout     := threshold, schema varbit, spans, spans, [bounds]           positive, negative; bounds for schema -53
/// threshold  := 0 u8 | e u8 (2^(e-244)) | 255 u8, f64
/// spans      := n uvarbit, n x (length uvarbit, offset varbit)
/// bounds     := n uvarbit, n x (bound*1000+1 uvarbit | 0, f64)
/// first      := t0 varbit, count uvarbit, zeroes uvarbit, sum f64, buckets varbit      buckets: each minus the one
/// before
/// following  := dod varbit, dod of count varbit, dod of zeroes varbit, sum value, dod of each bucket varbit
/// first      := t0 varbit, count f64, zeroes f64, sum f64, buckets f64                 float
/// following  := dod varbit, count value, zeroes value, sum value, each bucket value     float, each in its own window
///
/// After a sum that is the stale marker there are no buckets.
///
/// varbit     := 0 | 10 3 bits | 110 6 | 1110 9 | 11110 12 | 111110 18 | 1111110 25 | 11111110 56 | 11111111 64
///               n bits hold -(2^(n-1)-1) to 2^(n-1), "centred"; unsigned ones 0 to 2^n-1
/// ```
///
/// Timestamps are milliseconds, values the 64 bits of a double, whose NaN payloads matter: 0x7ff0000000000002 is the
/// stale marker. Nothing here has a checksum of its own; the segment's covers it. How the last byte ends depends on who
/// wrote it ([io.edgeship.block.tsdb.chunkenc.BitDialect]).
///
/// Source: `tsdb/chunkenc` of Prometheus 3.14 (whose code decides where its page on start timestamps differs), after
/// "Gorilla: a fast, scalable, in-memory time series database" (VLDB 2015); `pkg/compact/downsample/aggr.go` of Thanos.
/// `GoldenChunksTest` decodes what these programs wrote and encodes it again to the same bytes.
@NullMarked
package io.edgeship.block.tsdb.chunkenc;

import org.jspecify.annotations.NullMarked;
