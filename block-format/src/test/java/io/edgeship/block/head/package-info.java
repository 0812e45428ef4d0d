@NullMarked
package io.edgeship.block.head;

import org.jspecify.annotations.NullMarked;
