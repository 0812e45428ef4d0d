/// Merges blocks series by series.
@NullMarked
package io.edgeship.block.merge;

import org.jspecify.annotations.NullMarked;
