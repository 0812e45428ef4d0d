@NullMarked
package io.edgeship.block.write;

import org.jspecify.annotations.NullMarked;
