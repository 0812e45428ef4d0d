@NullMarked
package io.edgeship.compact.mark;

import org.jspecify.annotations.NullMarked;
