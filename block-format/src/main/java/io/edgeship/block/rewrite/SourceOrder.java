package io.edgeship.block.rewrite;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whose sample stays where two blocks have one of the same time: that of the regular block, then that of the older
/// one. Prometheus answered queries from the regular block first.
final class SourceOrder {
    static final Comparator<Source> INSTANCE = Comparator.<Source, Boolean>comparing(
                    source -> !source.meta().compaction().hints().isEmpty())
            .thenComparing(source -> source.meta().id());

    private SourceOrder() {}

    /// A block that nobody gave external labels yet can be of any stream.
    ///
    /// @param sources in this order
    /// @throws IOException naming the block that is downsampled, is there twice, or has other external labels
    static void requireOneStream(List<Source> sources) throws IOException {
        Source before = null;
        Source labelled = null;
        for (Source source : sources) {
            if (source.thanos().resolutionMillis() != 0) {
                throw new IOException("%s is downsampled; only raw blocks are written anew".formatted(source.dir()));
            }
            if (before != null && before.meta().id().equals(source.meta().id())) {
                throw new IOException("%s and %s are the same block".formatted(before.dir(), source.dir()));
            }
            if (source.meta().thanos() != null) {
                requireSameLabels(labelled, source);
                labelled = source;
            }
            before = source;
        }
    }

    private static void requireSameLabels(@Nullable Source labelled, Source source) throws IOException {
        Map<String, String> labels = source.thanos().labels();
        if (labelled != null && !labelled.thanos().labels().equals(labels)) {
            throw new IOException("%s has the external labels %s, %s has %s"
                    .formatted(
                            source.dir(),
                            labels,
                            labelled.dir(),
                            labelled.thanos().labels()));
        }
    }
}
