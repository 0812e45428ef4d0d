/// Tests with a real child process.
@NullMarked
package io.edgeship.ship.rewrite;

import org.jspecify.annotations.NullMarked;
