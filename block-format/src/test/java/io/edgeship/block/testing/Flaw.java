package io.edgeship.block.testing;

/// What can be wrong with an index beside what the description of its series says.
public enum Flaw {
    /// Series in the order given, not in that of their labels.
    SERIES_UNSORTED,
    /// The symbol table from back to front; the series refer to it rightly.
    SYMBOLS_REVERSED,
    /// The postings offset table from back to front.
    POSTINGS_TABLE_REVERSED,
    /// The list of all series lacks the last one.
    LAST_SERIES_UNLISTED,
    /// The list of all series stands twice in the postings offset table.
    ALL_SERIES_LISTED_TWICE,
    /// Every entry of the postings offset table points at the list of all series.
    POSTINGS_SHARED,
    /// Every chunk reference is that of the first chunk.
    CHUNKS_SHARED
}
