package io.edgeship.block.rewrite;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The blocks of which one is made, in [SourceOrder] however they were named; at least one.
record Sources(List<Source> list) implements Closeable {
    Sources {
        list = List.copyOf(list);
    }

    /// @throws IOException naming the block, if one cannot be read or they do not go together
    static Sources open(List<Path> dirs) throws IOException {
        List<Source> opened = new ArrayList<>();
        try {
            for (Path dir : dirs) {
                opened.add(Source.open(dir));
            }
            opened.sort(SourceOrder.INSTANCE);
            SourceOrder.requireOneStream(opened);
            return new Sources(opened);
        } catch (IOException | RuntimeException e) {
            new Sources(opened).close();
            throw e;
        }
    }

    List<BlockId> ids() {
        return list.stream().map(source -> source.meta().id()).toList();
    }

    /// From the first one's beginning to the last one's end.
    TimeRange range() {
        long minTime = Long.MAX_VALUE;
        long maxTime = Long.MIN_VALUE;
        for (Source source : list) {
            minTime = Math.min(minTime, source.meta().range().minTime());
            maxTime = Math.max(maxTime, source.meta().range().maxTime());
        }
        return new TimeRange(minTime, maxTime);
    }

    @Override
    public void close() throws IOException {
        IOException failed = null;
        for (Source source : list) {
            try {
                source.close();
            } catch (IOException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
