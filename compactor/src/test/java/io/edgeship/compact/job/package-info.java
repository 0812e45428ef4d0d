@NullMarked
package io.edgeship.compact.job;

import org.jspecify.annotations.NullMarked;
