@NullMarked
package io.edgeship.compact.intake;

import org.jspecify.annotations.NullMarked;
