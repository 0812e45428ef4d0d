package io.edgeship.compact.mark;

/// Why a block is not compacted, or not downsampled. All but the last two are what Thanos writes.
public enum NoCompactReason {
    MANUAL("manual"),
    INDEX_SIZE("index-size-exceeding"),
    OUT_OF_ORDER_CHUNKS("block-index-out-of-order-chunk"),
    DOWNSAMPLED_OVERLAP("downsample-vertical-compaction"),

    /// It breaks a rule of its format: set aside, so that its stream goes on.
    BROKEN("edgeship-broken-block"),

    /// Nothing of it is left once it is merged or downsampled, as of one that holds nothing but stale markers: it
    /// would be read again and again.
    NOTHING_LEFT("edgeship-nothing-left");

    private final String text;

    NoCompactReason(String text) {
        this.text = text;
    }

    /// What stands under `reason`.
    public String text() {
        return text;
    }
}
