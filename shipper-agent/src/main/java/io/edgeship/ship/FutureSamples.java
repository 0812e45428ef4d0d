package io.edgeship.ship;

import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import java.time.Duration;

/// What becomes of a block whose times lie in the future by the store's clock.
///
/// @param tolerance by how much they may without being taken for it
public record FutureSamples(Policy policy, Duration tolerance) {
    public static final FutureSamples DEFAULT = new FutureSamples(Policy.REPORT, Duration.ofMinutes(10));

    /// A choice of [FutureSamples].
    public enum Policy {
        /// Ship it and say so.
        REPORT,
        /// Keep it until that time has come, or a person ships it.
        HOLD
    }

    /// Reads `future_samples` and `future_tolerance`.
    public static FutureSamples from(ConfigSection root) throws ConfigException {
        Duration tolerance = root.duration("future_tolerance", DEFAULT.tolerance());
        if (tolerance.isNegative()) {
            throw root.wrong("future_tolerance", "is zero or more");
        }
        return new FutureSamples(root.choice("future_samples", Policy.class, DEFAULT.policy()), tolerance);
    }
}
