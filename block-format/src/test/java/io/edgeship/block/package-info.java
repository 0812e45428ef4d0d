@NullMarked
package io.edgeship.block;

import org.jspecify.annotations.NullMarked;
