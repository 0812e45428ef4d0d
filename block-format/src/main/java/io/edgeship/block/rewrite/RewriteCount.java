package io.edgeship.block.rewrite;

/// What can become of samples, chunks and series when a block is written anew. The order is that of
/// `thanos.extensions`.
public enum RewriteCount {
    STARTS_DROPPED("start_timestamps_dropped", "start timestamps dropped"),
    /// Nobody here knows their encoding.
    UNKNOWN_CHUNKS("unknown_chunks", "chunks of an unknown encoding carried along untouched"),
    /// Tombstones covered them.
    DELETED_SAMPLES("deleted_samples", "deleted samples left out"),
    /// They lie outside of what was to be kept.
    CUT_SAMPLES("cut_samples", "samples left out, for they are outside of what is kept"),
    /// Another block or another series that got the same labels had one of that time.
    DUPLICATE_SAMPLES("duplicate_samples", "samples left out, for another block has one of that time"),
    /// Those of [#DUPLICATE_SAMPLES] that had another value.
    CONFLICTING_SAMPLES("conflicting_samples", "of these had another value"),
    /// Series of the sources that relabelling dropped.
    DROPPED_SERIES("dropped_series", "series dropped"),
    /// Series that got the labels that another one of their block got; each but the first.
    MERGED_SERIES("merged_series", "series merged into another one of the same new labels"),
    /// Their value changed.
    ROUNDED_SAMPLES("rounded_samples", "values rounded"),
    /// Native histograms are not rounded.
    UNROUNDED_HISTOGRAMS("unrounded_histogram_samples", "histograms left as they are");

    private final String key;
    private final String text;

    RewriteCount(String key, String text) {
        this.key = key;
        this.text = text;
    }

    /// In `thanos.extensions`.
    public String key() {
        return key;
    }

    /// What goes after the number in a sentence.
    public String text() {
        return text;
    }
}
