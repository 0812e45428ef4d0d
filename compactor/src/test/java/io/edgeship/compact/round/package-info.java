@NullMarked
package io.edgeship.compact.round;

import org.jspecify.annotations.NullMarked;
