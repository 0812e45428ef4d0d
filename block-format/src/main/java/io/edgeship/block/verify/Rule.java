package io.edgeship.block.verify;

/// What a sound block keeps, and what Thanos' compactor does where it does not.
///
/// Source: `GatherIndexHealthStats` in `pkg/block/index.go`, the fetcher and the merge of Thanos 0.43-dev. Rules that
/// Thanos does not have protect readers: checksums, totals, and what a hostile block could cost.
public enum Rule {
    META_READABLE("meta.json can be read", Consequence.SKIP),
    META_VERSION("meta.json is of version 1", Consequence.STALL),
    META_NAMES_BLOCK("meta.json names the block's directory", Consequence.STALL),
    INDEX_READABLE("the index can be read, with sound checksums", Consequence.EXIT),
    SYMBOLS_ORDERED("symbols are in strict order of bytes", Consequence.HALT),
    SERIES_ORDERED("series are in strict order of labels", Consequence.EXIT),
    SERIES_LABELLED("every series has labels", Consequence.EXIT),
    LABELS_ORDERED("a series' label names are in order", Consequence.EXIT),
    LABELS_UNIQUE("a series has each label name once", Consequence.UNNOTICED),
    SERIES_WITH_CHUNKS("every series has a chunk", Consequence.EXIT),
    CHUNKS_IN_BLOCK("every chunk lies within the block's time range", Consequence.HALT),
    CHUNKS_BEFORE_END("no chunk begins at the block's end and goes on (Prometheus tsdb#347)", Consequence.REPAIR),
    CHUNKS_ORDERED("chunks of a series are in order and do not overlap", Consequence.NO_COMPACT),
    CHUNKS_APART("no two chunks share bytes", Consequence.NONE),
    SEGMENT_READABLE("every segment file is there and can be read", Consequence.HALT),
    CHUNK_CHECKSUM("every chunk is whole and hashes to its checksum", Consequence.HALT),
    CHUNK_DECODABLE("every chunk's samples can be read, ascend, and lie where the index says", Consequence.UNNOTICED),
    POSTINGS_ORDERED("the table of postings is in strict order", Consequence.UNNOTICED),
    POSTINGS_AGREE("the list of all series names each series once, in order", Consequence.UNNOTICED),
    TOTALS_AGREE("meta.json counts the series, chunks and samples that are there", Consequence.NONE),
    TOMBSTONES_READABLE("tombstones can be read; they never leave the site", Consequence.NONE);

    private final String text;
    private final Consequence consequence;

    Rule(String text, Consequence consequence) {
        this.text = text;
        this.consequence = consequence;
    }

    /// The rule as a sentence without a full stop.
    public String text() {
        return text;
    }

    /// What Thanos' compactor does with a block that breaks it.
    public Consequence consequence() {
        return consequence;
    }
}
