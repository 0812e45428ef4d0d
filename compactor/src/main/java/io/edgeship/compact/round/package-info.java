/// Carries out, stream by stream and within the memory budget, what is planned.
@NullMarked
package io.edgeship.compact.round;

import org.jspecify.annotations.NullMarked;
