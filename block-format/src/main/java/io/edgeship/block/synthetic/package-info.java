/// Blocks of made-up sites, for demonstrations, load tests and benchmarks: the same specification always gives the same
/// bytes.
///
/// What a site's series are, of each hundred: 30 counters, which begin anew now and then; 20 gauges that wander, in
/// hundredths; 26 of classic histograms, ten buckets, a sum and a count each; 16 that never change; 4 pods that come
/// and go, with a stale marker when they go; 2 native histograms, 1 with custom buckets, 1 gauge that is often NaN.
@NullMarked
package io.edgeship.block.synthetic;

import org.jspecify.annotations.NullMarked;
