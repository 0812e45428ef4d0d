@NullMarked
package io.edgeship.block.encoding;

import org.jspecify.annotations.NullMarked;
