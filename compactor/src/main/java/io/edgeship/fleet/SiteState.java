package io.edgeship.fleet;

import java.util.Locale;

/// How a site whose data arrives late by design is doing.
public enum SiteState {
    /// In contact, and its data is as recent as it should be.
    FRESH,
    /// In contact, but its data is older than it should be: it is catching up, or something holds it.
    LATE,
    /// Nothing was heard of it for longer than is usual.
    DARK;

    /// As metrics and JSON spell it.
    public String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }
}
