/// Native histograms, one sample at a time.
@NullMarked
package io.edgeship.block.histogram;

import org.jspecify.annotations.NullMarked;
