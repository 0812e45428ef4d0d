/// What has to happen to a block before a stock Thanos can take it. Pure decisions: nothing here touches a disk.
@NullMarked
package io.edgeship.ship.seal;

import org.jspecify.annotations.NullMarked;
