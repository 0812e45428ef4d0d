package io.edgeship.block.verify;

import io.edgeship.block.Utf8Order;
import io.edgeship.block.tsdb.index.IndexReader;
import java.io.IOException;

/// The checks of the lists by which an index finds series: that each can be read, and that none is missing from the
/// list of all.
final class PostingsCheck {
    private static final String INDEX = BlockVerifier.INDEX;

    private final IndexReader index;
    private final Findings findings;
    private final RefDigest all = new RefDigest();
    private String lastName = "";
    private String lastValue = "";
    private long lists;
    private long bytes;

    PostingsCheck(IndexReader index, Findings findings) {
        this.index = index;
        this.findings = findings;
    }

    void run() throws IOException {
        index.forEachPostings((name, value, offset) -> {
            ordered(name, value);
            boolean isAll = name.isEmpty() && value.isEmpty() && all.count() == 0;
            index.postings(offset, ref -> {
                bytes += Integer.BYTES;
                if (isAll) {
                    all.add(ref);
                }
            });
            if (bytes > index.sizeBytes()) { // a hostile table could name one long list a million times
                throw findings.last(Rule.INDEX_READABLE, INDEX, offset, "lists of postings share bytes");
            }
        });
    }

    /// The list of all series must name what a scan met. Two digests are compared, so that no list need be held.
    void allSeriesAre(RefDigest scanned) throws Findings.EnoughException {
        if (!all.equals(scanned)) {
            String detail = "%d series, the list of all names %s"
                    .formatted(scanned.count(), all.count() == scanned.count() ? "others" : all.count());
            findings.add(Rule.POSTINGS_AGREE, INDEX, index.postingsTableOffset(), detail);
        }
    }

    /// Version 1 does not order its table.
    private void ordered(String name, String value) throws Findings.EnoughException {
        int byName = Utf8Order.compare(lastName, name);
        boolean ascends = byName < 0 || (byName == 0 && Utf8Order.compare(lastValue, value) < 0);
        if (lists > 0 && !ascends && index.version() > 1) {
            String detail = "entry %d does not come after the one before it".formatted(lists);
            throw findings.last(Rule.POSTINGS_ORDERED, INDEX, index.postingsTableOffset(), detail);
        }
        lists++;
        lastName = name;
        lastValue = value;
    }
}
