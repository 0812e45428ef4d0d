/// Ships an item: its files, then `meta.json`.
@NullMarked
package io.edgeship.queue.upload;

import org.jspecify.annotations.NullMarked;
