/// Writing blocks anew at the site.
@NullMarked
package io.edgeship.ship.rewrite;

import org.jspecify.annotations.NullMarked;
