/// Tests of what survives a crash.
@NullMarked
package io.edgeship.queue.journal;

import org.jspecify.annotations.NullMarked;
