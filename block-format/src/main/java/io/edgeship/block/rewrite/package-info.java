/// Writes blocks anew: merged, cut, relabelled, rounded, without deleted samples, in encodings that a stock Thanos
/// reads.
@NullMarked
package io.edgeship.block.rewrite;

import org.jspecify.annotations.NullMarked;
