@NullMarked
package io.edgeship.block.rewrite;

import org.jspecify.annotations.NullMarked;
