/// Tests of the uploader.
@NullMarked
package io.edgeship.queue.upload;

import org.jspecify.annotations.NullMarked;
