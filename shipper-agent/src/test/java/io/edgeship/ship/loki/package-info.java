@NullMarked
package io.edgeship.ship.loki;

import org.jspecify.annotations.NullMarked;
