@NullMarked
package io.edgeship.compact.retain;

import org.jspecify.annotations.NullMarked;
