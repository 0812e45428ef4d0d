/// Writes and takes back the marks beside blocks that say what must, or must not, happen to them.
@NullMarked
package io.edgeship.compact.mark;

import org.jspecify.annotations.NullMarked;
