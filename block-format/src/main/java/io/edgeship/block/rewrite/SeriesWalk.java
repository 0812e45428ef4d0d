package io.edgeship.block.rewrite;

import io.edgeship.block.LabelSet;
import io.edgeship.block.tsdb.BlockReader;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks the series of the new block in the order that its index has.
sealed interface SeriesWalk permits SeriesAsTheyAre, RelabelledSeries {
    /// Every label name and value, in the order of their UTF-8 bytes; maybe more.
    Collection<String> symbols() throws IOException;

    /// The next series, or null after the last.
    @Nullable Group next() throws IOException;

    /// All series of the sources that become one.
    ///
    /// @param parts in the order of the sources, and of their indexes; at least one
    record Group(LabelSet labels, List<Part> parts) {
        public Group {
            parts = List.copyOf(parts);
        }
    }

    /// A series of one source.
    record Part(Source source, BlockReader.Series series) {}
}
