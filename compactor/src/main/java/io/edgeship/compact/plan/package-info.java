/// What is to be compacted, decided by pure functions over what the bucket holds and what sites say. The same view,
/// time and rules give the same plans.
///
/// **Windows** are stretches of time of each length of `ranges`, aligned to 1970. A window is *complete* once it is
/// over and nothing of it is waited for. The longest complete window counts: all its blocks become one of each
/// resolution, in one hop. Only in a window that is not complete are shorter ones looked at, and of those not all: a
/// length is left out where the next has no more than `parts_max` (24) parts, so that of 2 h, 8 h, 2 d and 14 d the 8
/// h are. Each sample is then written twice instead of three times (a third less to read and write), and a stream has
/// 24 + 6 small blocks at most instead of 3 + 5 + 6, 15 on average instead of 8. A store gateway takes 80 kB and 3 ms
/// at its start for each, which is less than what the third hop costs every day. What holds more than `parts_max` raw
/// blocks (replicas), or half of that for longer than `late_wait` after its end, takes every step; so does what does
/// not fit in the memory.
///
/// **Holds.** A window that is over waits
/// - for a block younger than the consistency delay;
/// - for a block that its site owes and that was made until six hours after a time in the window, as its ULID says;
/// - while the data of its site do not reach its end, for blocks are sent oldest first;
/// - while a heartbeat of its site cannot be understood.
///
/// It waits `hold_max` (14 d) after its end or, if the site was silent since before, after its last contact. That is
/// the length of the largest window: an outage of a fortnight costs no rewriting, and readers have two unmerged
/// windows at most. A stream of which no site reports waits only for data beyond its window's end, as Thanos does.
///
/// **Late blocks** in a window that was compacted are merged into it, overlapping or not, once none has arrived for
/// `late_wait` (12 h) and the site owes none for the window, and not later than `hold_max` after the oldest of them:
/// a site that catches up, or Prometheus' out-of-order blocks of a day, rewrite a block once.
///
/// **Downsampling.** A complete window from 40 h on gets a block of 5 min, one from 10 d on also one of 1 h, written
/// in the same pass. The window's length counts, not how much of it the samples cover. A block that is merged with
/// nothing is downsampled alone unless its sources are held already; coarser blocks are merged among themselves where
/// no finer plan writes them anew. So a raw block that comes after the raw ones were deleted is downsampled alone and
/// merged into the coarser ones in the next round.
///
/// A block that reaches over the end of the largest window is downsampled as if it filled one, however short it is:
/// otherwise its samples could never go at the finer resolution.
///
/// **Lineage** (I9). A block whose sources another of its stream and resolution holds is outdated, by the rule of
/// Thanos' deduplication filter, but only if the other can be read and reaches over its time. Blocks marked for
/// deletion are as if they were not there: they are never the only copy that a result is made of.
///
/// **Left alone** are blocks without external labels, of another selector, of a resolution or time that nobody has,
/// with files missing or too many, no-compact, and those that reach over the end of the largest window. Nothing is
/// merged across one of them, for the result would overlap with it. Each has its reason in [Planned#left].
///
/// **Sizes.** Of a plan whose indexes come to 85 % of the largest index together the largest source is left out. A
/// plan over the memory budget first leaves downsampling for later, then takes shorter windows, and is refused at
/// last with the figure.
@NullMarked
package io.edgeship.compact.plan;

import org.jspecify.annotations.NullMarked;
