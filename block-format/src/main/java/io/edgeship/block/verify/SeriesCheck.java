package io.edgeship.block.verify;

import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.index.IndexReader;
import io.edgeship.block.tsdb.index.SeriesEntry;
import java.io.IOException;
import java.util.Arrays;

/// The checks of one block's index and, by [ChunkCheck], of its chunks. Series are compared by their symbol references:
/// symbols are in order, so references order as the texts do and no text is needed.
final class SeriesCheck {
    private static final String INDEX = BlockVerifier.INDEX;

    private final BlockMeta meta;
    private final ChunkCheck chunks;
    private final Findings findings;
    private final BlockVerifier.Watcher watcher;
    private final RefDigest scanned = new RefDigest();
    private long[] before = {};
    private long series;

    SeriesCheck(BlockMeta meta, ChunkCheck chunks, Findings findings, BlockVerifier.Watcher watcher) {
        this.meta = meta;
        this.chunks = chunks;
        this.findings = findings;
        this.watcher = watcher;
    }

    void run(BlockReader block) throws IOException {
        IndexReader index = block.index();
        long unordered = index.symbols().unorderedAt();
        if (unordered >= 0) {
            findings.add(Rule.SYMBOLS_ORDERED, INDEX, unordered, "a symbol does not come after the one before it");
        }
        index.forEachSeries(entry -> {
            labels(entry, unordered < 0);
            chunks.check(block, entry);
            series++;
            scanned.add(entry.ref());
            watcher.series(series, meta.stats().numSeries());
        });
        postings(index);
        totals();
    }

    Content content() {
        return chunks.content(series);
    }

    /// @param comparable whether references order as texts do
    private void labels(SeriesEntry entry, boolean comparable) throws IOException {
        long[] symbols = entry.symbols();
        if (symbols.length == 0) {
            findings.add(Rule.SERIES_LABELLED, INDEX, entry.offset(), "a series without labels");
        }
        for (int i = 2; i < symbols.length; i += 2) {
            if (symbols[i] == symbols[i - 2]) {
                findings.add(Rule.LABELS_UNIQUE, INDEX, entry.offset(), "a label name stands twice");
            } else if (comparable && symbols[i] < symbols[i - 2]) {
                findings.add(Rule.LABELS_ORDERED, INDEX, entry.offset(), "label names are not in order");
            }
        }
        // As far as both go, then the shorter one first: Go's labels.Compare.
        if (comparable && series > 0 && Arrays.compare(before, symbols) >= 0) {
            findings.add(Rule.SERIES_ORDERED, INDEX, entry.offset(), "does not come after the series before it");
        }
        before = symbols;
    }

    private void postings(IndexReader index) throws IOException {
        PostingsCheck check = new PostingsCheck(index, findings);
        check.run();
        check.allSeriesAre(scanned);
    }

    private void totals() throws Findings.EnoughException {
        BlockMeta.Stats stats = meta.stats();
        total("numSeries", stats.numSeries(), series);
        total("numChunks", stats.numChunks(), chunks.chunks());
        if (chunks.samples() >= 0) {
            total("numSamples", stats.numSamples(), chunks.samples());
        }
    }

    private void total(String key, long said, long counted) throws Findings.EnoughException {
        if (said != counted) {
            String detail = "%s is %d, there are %d".formatted(key, said, counted);
            findings.add(Rule.TOTALS_AGREE, BlockMeta.FILE_NAME, -1, detail);
        }
    }
}
