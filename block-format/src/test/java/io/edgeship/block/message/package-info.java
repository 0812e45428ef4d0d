@NullMarked
package io.edgeship.block.message;

import org.jspecify.annotations.NullMarked;
