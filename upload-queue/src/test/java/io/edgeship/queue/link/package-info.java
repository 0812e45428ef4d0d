@NullMarked
package io.edgeship.queue.link;

import org.jspecify.annotations.NullMarked;
