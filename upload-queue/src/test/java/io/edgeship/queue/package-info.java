/// Tests of the spool, and the crashes that they stage.
@NullMarked
package io.edgeship.queue;

import org.jspecify.annotations.NullMarked;
