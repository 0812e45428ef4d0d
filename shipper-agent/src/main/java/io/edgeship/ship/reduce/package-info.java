/// What is left out before the wire: the configuration, and what it would save.
@NullMarked
package io.edgeship.ship.reduce;

import org.jspecify.annotations.NullMarked;
