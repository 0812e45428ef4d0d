/// Work on whole blocks at the site: one at a time, in a short-lived process of low priority, so that the agent stays
/// small.
@NullMarked
package io.edgeship.ship.child;

import org.jspecify.annotations.NullMarked;
