@NullMarked
package io.edgeship.runtime.log;

import org.jspecify.annotations.NullMarked;
