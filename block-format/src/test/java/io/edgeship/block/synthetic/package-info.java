@NullMarked
package io.edgeship.block.synthetic;

import org.jspecify.annotations.NullMarked;
