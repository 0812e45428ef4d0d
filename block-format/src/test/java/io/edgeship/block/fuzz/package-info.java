@NullMarked
package io.edgeship.block.fuzz;

import org.jspecify.annotations.NullMarked;
