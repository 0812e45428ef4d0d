/// Tests of the decisions.
@NullMarked
package io.edgeship.ship.seal;

import org.jspecify.annotations.NullMarked;
