/// Small real blocks for tests, described by their series and samples, and broken just so where a test wants it.
@NullMarked
package io.edgeship.block.testing;

import org.jspecify.annotations.NullMarked;
