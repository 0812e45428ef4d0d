@NullMarked
package io.edgeship.compact.lock;

import org.jspecify.annotations.NullMarked;
