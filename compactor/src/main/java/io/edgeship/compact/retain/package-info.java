/// Decides what is old enough to go, by pure functions over what the bucket holds.
@NullMarked
package io.edgeship.compact.retain;

import org.jspecify.annotations.NullMarked;
