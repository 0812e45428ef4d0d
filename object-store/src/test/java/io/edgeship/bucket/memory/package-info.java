@NullMarked
package io.edgeship.bucket.memory;

import org.jspecify.annotations.NullMarked;
