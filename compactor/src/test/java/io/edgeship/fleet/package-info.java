@NullMarked
package io.edgeship.fleet;

import org.jspecify.annotations.NullMarked;
