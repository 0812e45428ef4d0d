@NullMarked
package io.edgeship.compact.merge;

import org.jspecify.annotations.NullMarked;
