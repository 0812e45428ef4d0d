@NullMarked
package io.edgeship.compact.bucket;

import org.jspecify.annotations.NullMarked;
