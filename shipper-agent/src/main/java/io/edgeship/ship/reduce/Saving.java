package io.edgeship.ship.reduce;

/// What the series of a metric take before and after a reduction.
///
/// @param after of the series that stay, whatever they are called then
public record Saving(Share before, Share after) {
    static final Saving NONE = new Saving(Share.NONE, Share.NONE);

    /// Both together.
    public Saving plus(Saving other) {
        return new Saving(before.plus(other.before), after.plus(other.after));
    }

    public long bytesSaved() {
        return before.bytes() - after.bytes();
    }
}
