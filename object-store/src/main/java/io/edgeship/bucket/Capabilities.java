package io.edgeship.bucket;

/// What a store can do, as the start-up probe found. Shipping needs none of it.
public record Capabilities(Support conditionalPut, Support batchDelete, Support checksums) {
    public static final Capabilities UNKNOWN = new Capabilities(Support.UNKNOWN, Support.UNKNOWN, Support.UNKNOWN);

    /// `UNKNOWN` where the probe did not run or was not allowed to.
    public enum Support {
        YES,
        NO,
        UNKNOWN
    }
}
