/// Compares blocks sample by sample, whatever their chunks.
@NullMarked
package io.edgeship.block.diff;

import org.jspecify.annotations.NullMarked;
