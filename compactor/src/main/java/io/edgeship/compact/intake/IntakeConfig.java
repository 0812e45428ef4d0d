package io.edgeship.compact.intake;

import java.time.Duration;

/// The section `intake` of `compactor.yaml`.
///
/// @param orphanDelay  how long pieces without a manifest stay since the newest object of their folder was written
/// @param maxItemBytes of all files of an item; 1 to [#ITEM_BYTES_MAX]
/// @param siteLabel    the external label that must name the site
public record IntakeConfig(boolean enabled, Duration orphanDelay, long maxItemBytes, String siteLabel) {
    /// Ten thousand parts, which is S3's limit for one file, reach a little further.
    public static final long ITEM_BYTES_MAX = 64L << 30;

    public IntakeConfig {
        if (orphanDelay.isNegative() || maxItemBytes < 1 || maxItemBytes > ITEM_BYTES_MAX) {
            throw new IllegalArgumentException("orphan delay %s, %d bytes".formatted(orphanDelay, maxItemBytes));
        }
    }
}
