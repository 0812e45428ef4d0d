/// What the agent does: watch a source, take its finished blocks, verify, label, and ship them.
@NullMarked
package io.edgeship.ship;

import org.jspecify.annotations.NullMarked;
