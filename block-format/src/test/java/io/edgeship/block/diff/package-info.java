@NullMarked
package io.edgeship.block.diff;

import org.jspecify.annotations.NullMarked;
