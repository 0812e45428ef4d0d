/// Tests of what is left out before the wire.
@NullMarked
package io.edgeship.ship.reduce;

import org.jspecify.annotations.NullMarked;
