package io.edgeship.block.verify;

/// What a sound block keeps. The consequence is what Thanos' compactor does where the rule is broken.
///
/// Source: `GatherIndexHealthStats` in `pkg/block/index.go` and the merge of Thanos 0.43-dev.
public enum Rule {
    META_READABLE("meta.json can be read and names the block's directory", "skips the block as partial"),
    INDEX_READABLE("the index can be read, with sound checksums", "halts"),
    SYMBOLS_ORDERED("symbols are in strict order of bytes", "may halt"),
    SERIES_ORDERED("series are in strict order of labels", "exits"),
    SERIES_LABELLED("every series has labels, in order, each name once", "exits"),
    SERIES_WITH_CHUNKS("every series has a chunk", "exits"),
    CHUNKS_IN_BLOCK("every chunk lies within the block's time range", "halts"),
    CHUNKS_BEFORE_END("no chunk begins at the block's end (Prometheus tsdb#347)", "rewrites the block"),
    CHUNKS_ORDERED("chunks of a series are in order and do not overlap", "halts, or marks the block no-compact"),
    SEGMENT_READABLE("every segment file is there and can be read", "halts"),
    CHUNK_CHECKSUM("every chunk is whole and hashes to its checksum", "halts"),
    CHUNK_DECODABLE(
            "every chunk's samples can be read, ascend, and lie where the index says", "halts or drops samples"),
    POSTINGS_AGREE("the list of all series names each series once, in order", "loses series"),
    TOTALS_AGREE("meta.json counts the series, chunks and samples that are there", "nothing: readers are misled"),
    TOMBSTONES_READABLE("tombstones can be read", "nothing: they do not leave the site");

    private final String text;
    private final String consequence;

    Rule(String text, String consequence) {
        this.text = text;
        this.consequence = consequence;
    }

    /// The rule as a sentence without a full stop.
    public String text() {
        return text;
    }

    /// What Thanos' compactor does with a block that breaks it.
    public String consequence() {
        return consequence;
    }
}
