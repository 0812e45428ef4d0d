/// Tests of segment files.
@NullMarked
package io.edgeship.block.tsdb.chunks;

import org.jspecify.annotations.NullMarked;
