/// Makes one block of several that lie over each other in time.
@NullMarked
package io.edgeship.block.merge;

import org.jspecify.annotations.NullMarked;
