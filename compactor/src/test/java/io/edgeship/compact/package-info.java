@NullMarked
package io.edgeship.compact;

import org.jspecify.annotations.NullMarked;
