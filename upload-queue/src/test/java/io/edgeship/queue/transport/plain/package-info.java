/// Tests of the uploader.
@NullMarked
package io.edgeship.queue.transport.plain;

import org.jspecify.annotations.NullMarked;
