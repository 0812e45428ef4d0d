@NullMarked
package io.edgeship.block.tsdb.tombstones;

import org.jspecify.annotations.NullMarked;
