@NullMarked
package io.edgeship.block.verify;

import org.jspecify.annotations.NullMarked;
