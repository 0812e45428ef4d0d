/// The spool: what waits on disk to be shipped, and what became of it.
@NullMarked
package io.edgeship.queue;

import org.jspecify.annotations.NullMarked;
