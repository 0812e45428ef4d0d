/// Downsampling: what is left of samples when every five minutes (or every hour) become one, as a stock Thanos
/// does it.
///
/// A series becomes chunks of five aggregates ([io.edgeship.block.tsdb.chunkenc.AggregateChunk]) over windows
/// that are aligned to the resolution and named by their last millisecond, or by the last sample of the chunk if
/// that is earlier.
///
/// - COUNT, SUM, MIN, MAX of the samples in the window. Stale markers and NaN count for nothing.
/// - COUNTER: as if the value were a counter, the sum of its increases since the chunk's first sample, that
///   sample's value included; a value below the one before it is an increase from zero. The chunk begins with the
///   first raw sample and ends with the last raw value, under the last window's time once more, so that a reader
///   who goes on to the next chunk sees whether the counter began anew in between
///   ([io.edgeship.block.downsample.CounterIterator]).
/// - Native histograms have COUNT, SUM (a gauge) and COUNTER; all in the lowest resolution that their chunk's
///   samples have.
///
/// Raw samples are split so that chunks have about 140 windows at most; aggregates are aggregated again chunk by
/// chunk, for only there the counter's true values are known.
///
/// A series always has at least as many chunks as a stock Thanos wants to make of them when it downsamples again:
/// it wants one more for every 1692 windows of 5m at most, and no chunk has more than 280. With fewer it would
/// never end.
///
/// Source: `pkg/compact/downsample` of Thanos 0.43. What differs, on purpose:
///
/// - A chunk ends where histograms cannot be added up without loss: where the zero threshold or custom boundaries
///   change, and between exponential and custom buckets, where Thanos crashes, and between counters and gauges.
/// - Whether a counter of histograms began anew is found by comparing in the resolution that they had. Thanos
///   takes a histogram that it has to reduce for a new beginning, and counts it twice.
/// - A chunk has 280 windows at most; a burst of samples after a thin stretch makes longer ones in Thanos.
/// - A series of fewer chunks of aggregates than it is to be divided into is divided by chunks. Thanos never
///   ends.
/// - Samples before 1970 are not left out.
@NullMarked
package io.edgeship.block.downsample;

import org.jspecify.annotations.NullMarked;
