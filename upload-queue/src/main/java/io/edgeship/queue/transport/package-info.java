/// The ways from the spool to the bucket: [Transport], and how an attempt ends. `plain` puts a block's files where
/// readers look for them; `inbox` sends small pieces that the centre assembles.
@NullMarked
package io.edgeship.queue.transport;

import org.jspecify.annotations.NullMarked;
