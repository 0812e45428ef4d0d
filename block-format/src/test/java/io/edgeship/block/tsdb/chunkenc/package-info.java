/// Tests of the chunk encodings.
@NullMarked
package io.edgeship.block.tsdb.chunkenc;

import org.jspecify.annotations.NullMarked;
