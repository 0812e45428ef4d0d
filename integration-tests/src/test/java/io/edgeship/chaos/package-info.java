/// The proxy's own faults, each against a server that keeps what it gets.
@NullMarked
package io.edgeship.chaos;

import org.jspecify.annotations.NullMarked;
