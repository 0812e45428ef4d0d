package io.edgeship.compact.bucket;

import io.edgeship.block.downsample.Resolution;
import io.edgeship.bucket.Bucket;
import io.edgeship.compact.bucket.Table.Column;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.runtime.config.Durations;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/// `bucket inspect`: the table of `thanos tools bucket inspect`, by time. Reads only.
final class InspectCommand extends BucketCommand {
    /// Block lengths from which Thanos downsamples.
    private static final long FIVE_MINUTES_FROM_MILLIS = Duration.ofHours(40).toMillis();

    private static final long ONE_HOUR_FROM_MILLIS = Duration.ofDays(10).toMillis();

    InspectCommand(BucketAccess.Source source) {
        super(source);
    }

    @Override
    public Usage usage() {
        return new Usage(
                "bucket inspect",
                "",
                "Say of each block what thanos tools bucket inspect does",
                List.of(CONFIG, Table.OPTION, BlockColumns.SELECTOR),
                "UNTIL-DOWN is how much longer a block would have to be for Thanos to downsample it.");
    }

    @Override
    ExitCode run(Bucket bucket, BucketAccess access, Arguments arguments, Terminal terminal)
            throws IOException, UsageException {
        Predicate<BucketBlock> selected = BlockColumns.selected(arguments);
        BucketView view = BucketSync.cachedIn(access.cacheDir(), bucket).sync();
        Table<BucketBlock> table = new Table<>(columns());
        view.blocks().stream()
                .filter(selected)
                .sorted(Comparator.<BucketBlock>comparingLong(
                                block -> block.meta().range().minTime())
                        .thenComparingLong(block -> block.meta().range().maxTime()))
                .forEach(table::add);
        table.print(arguments, terminal.out());
        return ExitCode.DONE;
    }

    private static List<Column<BucketBlock>> columns() {
        return List.of(
                BlockColumns.ulid(),
                BlockColumns.from(),
                BlockColumns.until(),
                new Column<>("RANGE", InspectCommand::rangeMillis, block -> print(rangeMillis(block))),
                new Column<>("UNTIL-DOWN", InspectCommand::untilDown, InspectCommand::untilDown),
                Column.of("#SERIES", block -> block.meta().stats().numSeries()),
                Column.of("#SAMPLES", block -> block.meta().stats().numSamples()),
                Column.of("#CHUNKS", block -> block.meta().stats().numChunks()),
                Column.of("COMP-LEVEL", block -> block.meta().compaction().level()),
                Column.of("COMP-FAILED", block -> block.meta().compaction().failed()),
                BlockColumns.labels(),
                BlockColumns.resolution(),
                BlockColumns.source());
    }

    /// What a block claims may lie beyond all clocks.
    private static long rangeMillis(BucketBlock block) {
        try {
            return Math.subtractExact(
                    block.meta().range().maxTime(), block.meta().range().minTime());
        } catch (ArithmeticException _) {
            return Long.MAX_VALUE;
        }
    }

    private static String untilDown(BucketBlock block) {
        if (block.resolutionMillis() == 0) {
            return print(FIVE_MINUTES_FROM_MILLIS - rangeMillis(block));
        }
        return block.resolutionMillis() == Resolution.FIVE_MINUTES.millis()
                ? print(ONE_HOUR_FROM_MILLIS - rangeMillis(block))
                : "-";
    }

    private static String print(long millis) {
        return Durations.print(Duration.ofMillis(millis));
    }
}
