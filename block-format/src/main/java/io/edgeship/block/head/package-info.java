/// Samples that arrive one by one become chunks, cut where the head block of Prometheus cuts them.
///
/// - Floats: a chunk ends at 240 samples, before it could exceed 1024 bytes, at the end of the block's time range, and
/// at
///   an estimate: at 30 samples the rest of the range is divided so that its chunks will have about 120 each.
/// - Histograms: a chunk ends at 2048 bytes, at the end of the range, and at an estimate made at 256 bytes that aims at
///   1024; but not before it has 10 samples. It ends, too, where counts went down, and where schema, zero threshold or
///   custom boundaries change. New buckets are added to the whole chunk.
///
/// Source: `tsdb/head_append.go` and `tsdb/chunkenc/{histogram,float_histogram}.go` of Prometheus 3.14. One thing
/// differs: where Prometheus says of a chunk that counts went on although it did not compare (after gauges, or float
/// histograms of another schema), these chunks leave it open.
@NullMarked
package io.edgeship.block.head;

import org.jspecify.annotations.NullMarked;
