@NullMarked
package io.edgeship.compact.clean;

import org.jspecify.annotations.NullMarked;
