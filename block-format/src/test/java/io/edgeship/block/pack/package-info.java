@NullMarked
package io.edgeship.block.pack;

import org.jspecify.annotations.NullMarked;
