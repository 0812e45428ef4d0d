@NullMarked
package io.edgeship.block.thanos;

import org.jspecify.annotations.NullMarked;
