/// Samples one by one, whatever encoding their chunks have.
@NullMarked
package io.edgeship.block.sample;

import org.jspecify.annotations.NullMarked;
