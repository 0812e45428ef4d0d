/// Packing sealed blocks at the site, and unpacking what the centre would not have.
@NullMarked
package io.edgeship.ship.pack;

import org.jspecify.annotations.NullMarked;
