@NullMarked
package io.edgeship.block.tsdb.index;

import org.jspecify.annotations.NullMarked;
