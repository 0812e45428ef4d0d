/// Writes blocks anew: merged, cut, relabelled, rounded, without deleted samples, in encodings that a stock Thanos
/// reads.
///
/// A block that is written anew says so in its `thanos.extensions`:
///
/// ```
/// "extensions": {"edgeship": {
///     "rule": "rewrite",
///     "of": ["01KA…"],                        the blocks it was made of, the one whose samples win first
///     "keep": [[1700000000000, 1700007200000]],   what was kept of their time, from (inclusive) to (exclusive)
///     "relabel": ["…"],                       the rules, a line each, in the writing that decides the ULID
///     "significant_digits": 4,                to which floats were rounded; histograms never are
///     "before": [{"rule": …}],                what blocks of `of` said here, and theirs; at most 64
///     "transcoded_chunks": {"xor2": 7},       chunks of each encoding that were encoded anew
///     "start_timestamps_dropped": 840,        samples that had one
///     "unknown_chunks": 1,                    carried along untouched
///     "deleted_samples": 12,                  that tombstones covered
///     "cut_samples": 240,                     outside of `keep`
///     "duplicate_samples": 3,                 left out, because another block or series had one of that time
///     "conflicting_samples": 1,               of these, those of another value
///     "dropped_series": 5,                    by relabelling, of each source
///     "merged_series": 2,                     into another of the same source that got the same labels
///     "rounded_samples": 700,                 whose value is another now
///     "unrounded_histogram_samples": 30       left as they are although values were to be rounded
/// }}
/// ```
///
/// What was not ordered and keys of zeroes are left out. Samples are counted once for each block that had them, and not
/// at all in series that are dropped. Blocks of before this page was written have "rule" "transcode" or "merge".
@NullMarked
package io.edgeship.block.rewrite;

import org.jspecify.annotations.NullMarked;
