package io.edgeship.block.synthetic;

import io.edgeship.block.BlockId;
import io.edgeship.block.DerivedBlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.Utf8Order;
import io.edgeship.block.head.ChunkRules;
import io.edgeship.block.head.SeriesAppender;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.write.BlockWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/// Writes the blocks of made-up sites: two hours each, one after the other, series by series. In memory are one site's
/// series, which know how they go on, and one series' chunks. Stateless.
public final class SyntheticBlocks {
    private static final String SOURCE = "edgeship";
    private static final ChunkRules RULES = ChunkRules.DEFAULT;
    private static final long WINDOWS_A_DAY = Duration.ofDays(1).toMillis() / RULES.rangeMillis();

    private SyntheticBlocks() {}

    /// Writes all blocks of one site under `out` and returns their directories, oldest first.
    ///
    /// @param site     from 0
    /// @param progress is told of samples, some at a time
    public static List<Path> write(SyntheticSpec spec, int site, Path out, LongConsumer progress) throws IOException {
        long seed = SyntheticSeries.mix(spec.seed() * 31 + site);
        List<SyntheticSeries> series = SyntheticSite.series(seed, spec.series());
        Set<String> symbols = symbols(series);
        Map<String, String> labels = Map.of("site", "site-%03d".formatted(site));
        List<Path> written = new ArrayList<>();
        long stepMillis = spec.step().toMillis();
        long offset = Long.remainderUnsigned(seed, stepMillis); // when in each step this site is scraped
        for (long window = 0; window < spec.days() * WINDOWS_A_DAY; window++) {
            long start = spec.start().toEpochMilli() + window * RULES.rangeMillis();
            TimeRange range = new TimeRange(start, start + RULES.rangeMillis());
            BlockId id = DerivedBlockId.ofContent("synthetic " + spec, new byte[0], labels, range);
            try (BlockWriter writer = BlockWriter.create(out, id, IndexDialect.SINCE_3_7, symbols)) {
                long firstStep = -Math.floorDiv(-(window * RULES.rangeMillis() - offset), stepMillis);
                for (SyntheticSeries one : series) {
                    List<TimedChunk> chunks = chunks(one, firstStep, stepMillis, range, spec, offset);
                    if (!chunks.isEmpty()) {
                        writer.series(one.labels(), chunks);
                    }
                    progress.accept(RULES.rangeMillis() / stepMillis);
                }
                TimeRange covered = new TimeRange(writer.samples().minTime(), range.maxTime());
                BlockMeta meta = BlockMeta.of(id, covered, writer.stats());
                written.add(writer.finish(meta.withThanos(ThanosMeta.of(labels, SOURCE, List.of(), List.of()))));
            }
        }
        return written;
    }

    private static List<TimedChunk> chunks(
            SyntheticSeries series, long firstStep, long stepMillis, TimeRange range, SyntheticSpec spec, long offset) {
        SeriesAppender appender = new SeriesAppender(RULES);
        for (long step = firstStep; ; step++) {
            long time = spec.start().toEpochMilli() + offset + step * stepMillis;
            if (time >= range.maxTime()) {
                return appender.finish();
            }
            series.sample(step, time, appender);
        }
    }

    private static Set<String> symbols(List<SyntheticSeries> series) {
        Set<String> symbols = new TreeSet<>(Utf8Order.COMPARATOR);
        for (SyntheticSeries one : series) {
            one.labels().forEach((name, value) -> {
                symbols.add(name);
                symbols.add(value);
            });
        }
        return symbols;
    }
}
