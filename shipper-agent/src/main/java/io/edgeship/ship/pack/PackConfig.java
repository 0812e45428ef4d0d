package io.edgeship.ship.pack;

/// What becomes of sealed blocks.
///
/// @param packs     whether they are packed
/// @param onlyPacks whether the spool keeps nothing but the pack of them
public record PackConfig(boolean packs, boolean onlyPacks) {
    public static final PackConfig NONE = new PackConfig(false, false);

    public PackConfig {
        if (onlyPacks && !packs) {
            throw new IllegalArgumentException("nothing but packs, and none are made");
        }
    }
}
