package io.edgeship.block;

/// The sample by which Prometheus says that a series went stale.
///
/// Source: `model/value/value.go` of Prometheus, `StaleNaN`.
public final class StaleMarker {
    /// The 64 bits of its value: a NaN like no other, so bits are to be compared, not numbers.
    public static final long BITS = 0x7ff0000000000002L;

    private StaleMarker() {}

    public static double value() {
        return Double.longBitsToDouble(BITS);
    }
}
