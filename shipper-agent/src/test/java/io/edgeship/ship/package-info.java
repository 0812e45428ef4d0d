/// Tests of what the agent does with a source's blocks.
@NullMarked
package io.edgeship.ship;

import org.jspecify.annotations.NullMarked;
