/// Benchmarks of single operations, run by `benchmarks/scripts/block-format`.
@NullMarked
package io.edgeship.bench;

import org.jspecify.annotations.NullMarked;
