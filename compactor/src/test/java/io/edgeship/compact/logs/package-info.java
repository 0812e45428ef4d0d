@NullMarked
package io.edgeship.compact.logs;

import org.jspecify.annotations.NullMarked;
