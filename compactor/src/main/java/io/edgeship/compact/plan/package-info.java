/// What is to be compacted, decided by pure functions over what the bucket holds.
@NullMarked
package io.edgeship.compact.plan;

import org.jspecify.annotations.NullMarked;
