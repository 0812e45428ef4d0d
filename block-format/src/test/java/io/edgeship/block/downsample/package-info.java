@NullMarked
package io.edgeship.block.downsample;

import org.jspecify.annotations.NullMarked;
