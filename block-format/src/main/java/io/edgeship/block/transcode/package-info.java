/// Reads blocks as a stock Thanos can take them: without deleted samples, and with none but the encodings that it
/// knows.
///
/// A block that is written anew says so in its `thanos.extensions`:
///
/// ```
/// "extensions": {"edgeship": {
///     "rule": "transcode",                    or "merge"
///     "of": ["01KA…"],                        the blocks it was made of
///     "transcoded_chunks": {"xor2": 7},       chunks of each encoding that were encoded anew
///     "start_timestamps_dropped": 840,        samples that had one
///     "deleted_samples": 12,                  that tombstones covered
///     "duplicate_samples": 3,                 left out, because another block had one of that time
///     "conflicting_samples": 1                of these, those of another value
/// }}
/// ```
///
/// Keys of zeroes are left out.
@NullMarked
package io.edgeship.block.transcode;

import org.jspecify.annotations.NullMarked;
