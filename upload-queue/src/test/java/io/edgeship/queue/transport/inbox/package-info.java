@NullMarked
package io.edgeship.queue.transport.inbox;

import org.jspecify.annotations.NullMarked;
