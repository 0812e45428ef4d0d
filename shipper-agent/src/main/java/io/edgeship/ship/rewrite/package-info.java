/// Writing blocks anew at the site: one at a time, in a short-lived process of low priority, so that the agent stays
/// small.
@NullMarked
package io.edgeship.ship.rewrite;

import org.jspecify.annotations.NullMarked;
