@NullMarked
package io.edgeship.compact.plan;

import org.jspecify.annotations.NullMarked;
