/// Merges what several blocks have of one series: samples of the same site one to one
/// ([io.edgeship.block.merge.OneToOneMerger]), of replicas by penalty ([io.edgeship.block.merge.PenaltyMerger]),
/// windows of downsampled blocks whole, from one block each.
///
/// What has nothing over it is copied to the bit. Of aggregates that are encoded anew the rules are:
///
/// - COUNT, SUM, MIN, MAX of a window come from one block, the one named first that has the window. Two halves of
///   a window both stay where it is known that the one's last sample was before the other's first.
/// - COUNTER of floats is counted anew, so that over the seams as much is counted as the raw samples' counter
///   did. A chunk says the raw value of its counter only at its two ends. Within it, a window's MIN and MAX are
///   taken for its first and last raw value, which is so unless the counter began anew in that window; there the
///   chunk's own total goes on, so that it never goes down, and what another block saw in between may be counted
///   to a lesser part.
/// - COUNTER of histograms stays as each chunk had it: readers look for new beginnings themselves.
/// - No chunk has more than 140 windows. Copied ones have 280 at most, if they were made here. A stock Thanos wants
///   one chunk more for every 1692 windows of 5m at most when it makes hours of them: it always comes to an end.
@NullMarked
package io.edgeship.block.merge;

import org.jspecify.annotations.NullMarked;
