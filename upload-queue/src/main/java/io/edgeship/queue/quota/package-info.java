/// How much room the spool may take, and what goes when it takes more.
@NullMarked
package io.edgeship.queue.quota;

import org.jspecify.annotations.NullMarked;
