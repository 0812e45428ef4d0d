/// Tests with a real child process.
@NullMarked
package io.edgeship.ship.pack;

import org.jspecify.annotations.NullMarked;
