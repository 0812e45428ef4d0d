@NullMarked
package io.edgeship.queue.quota;

import org.jspecify.annotations.NullMarked;
