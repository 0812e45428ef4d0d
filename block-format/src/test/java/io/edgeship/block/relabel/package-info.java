@NullMarked
package io.edgeship.block.relabel;

import org.jspecify.annotations.NullMarked;
