package io.edgeship.ship;

import java.time.Duration;
import java.util.Optional;

/// Why the ship loop came back, and when to call it again.
///
/// @param until     what is waited for
/// @param pause     before the next call, unless what is waited for comes earlier; zero where nothing is left
/// @param problem   what is wrong with the bucket or the link, if something is
/// @param fruitless failures in a row since the bucket last confirmed something
public record Rest(Until until, Duration pause, Optional<String> problem, int fruitless) {
    static final Rest ALL_SHIPPED = new Rest(Until.NEWS, Duration.ZERO, Optional.empty(), 0);

    /// What ends a rest.
    public enum Until {
        /// A new block: nothing is left.
        NEWS,
        /// What is left only has to settle.
        SETTLED,
        /// All was sent; the centre has not answered for all of it.
        ANSWERED,
        /// A window opens, or the budget's next day begins.
        OPEN,
        /// The link is back.
        LINK_UP,
        /// Time: somebody or something has to mend itself.
        LATER
    }

    static Rest waiting(Until until, Duration pause) {
        return new Rest(until, pause, Optional.empty(), 0);
    }
}
