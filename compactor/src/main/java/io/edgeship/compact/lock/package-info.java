/// Keeps two writers apart: a lock a stream, and evidence of a foreign compactor at work.
@NullMarked
package io.edgeship.compact.lock;

import org.jspecify.annotations.NullMarked;
