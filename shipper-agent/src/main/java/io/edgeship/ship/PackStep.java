package io.edgeship.ship;

import io.edgeship.ship.pack.PackConfig;

/// What is to be done next with a ready item so that it has the pack, or the files, that it should.
enum PackStep {
    NOTHING(false),
    PACK(true),
    UNPACK(true),
    DROP_PACK(true),
    DROP_FILES(false);

    private final boolean first;

    PackStep(boolean first) {
        this.first = first;
    }

    /// Whether it comes before the item may be sent.
    boolean isFirst() {
        return first;
    }

    /// What there is of an item.
    ///
    /// @param isBegun     whether some of it was sent
    /// @param goesAsFiles whether its pack was no good
    /// @param isPackable  whether packing it makes sense
    record Found(boolean hasPack, boolean hasFiles, boolean isBegun, boolean goesAsFiles, boolean isPackable) {}

    static PackStep of(Found item, PackConfig config) {
        if (item.hasPack() && config.packs() && !item.goesAsFiles()) {
            return config.onlyPacks() && item.hasFiles() ? DROP_FILES : NOTHING;
        }
        if (item.hasPack()) {
            return item.hasFiles() ? DROP_PACK : UNPACK;
        }
        return config.packs() && item.isPackable() && !item.isBegun() ? PACK : NOTHING;
    }
}
