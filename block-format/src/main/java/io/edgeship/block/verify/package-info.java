/// Checks a block by the rules by which Thanos' compactor would halt, repair or skip it, and by its checksums.
@NullMarked
package io.edgeship.block.verify;

import org.jspecify.annotations.NullMarked;
