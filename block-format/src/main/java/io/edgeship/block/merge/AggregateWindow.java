package io.edgeship.block.merge;

/// What a chunk of aggregates has of one window. Windows of one chunk share what was decoded of it.
sealed interface AggregateWindow permits FloatWindow, HistogramWindow {
    /// No sample of the window is earlier: its first sample's time if that is known, else where it begins.
    long firstMillis();

    /// No sample of the window is later. Names the window.
    long endMillis();

    /// Whether another window has the same aggregates.
    boolean isSameAs(AggregateWindow other);
}
