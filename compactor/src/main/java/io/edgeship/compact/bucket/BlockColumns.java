package io.edgeship.compact.bucket;

import io.edgeship.block.LabelSet;
import io.edgeship.block.tsdb.Matcher;
import io.edgeship.compact.bucket.Table.Column;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.runtime.config.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/// What tables say of a block. Times are those of its samples, in UTC.
final class BlockColumns {
    static final Option SELECTOR =
            new Option("selector", "SELECTOR", "only blocks of these external labels: {site=~\"demo-.*\"}");

    private BlockColumns() {}

    static Column<BucketBlock> ulid() {
        return Column.of("ULID", block -> block.meta().id().toString());
    }

    static Column<BucketBlock> from() {
        return time("FROM", block -> block.meta().range().minTime());
    }

    static Column<BucketBlock> until() {
        return time("UNTIL", block -> block.meta().range().maxTime());
    }

    private static Column<BucketBlock> time(String name, ToLongFunction<BucketBlock> millis) {
        return new Column<>(name, millis::applyAsLong, block -> Instant.ofEpochMilli(millis.applyAsLong(block))
                .toString());
    }

    static Column<BucketBlock> labels() {
        return new Column<>("LABELS", BucketBlock::labels, block -> LabelSet.of(block.labels())
                .toString());
    }

    static Column<BucketBlock> resolution() {
        return new Column<>(
                "RESOLUTION",
                BucketBlock::resolutionMillis,
                block -> block.resolutionMillis() == 0
                        ? "raw"
                        : Durations.print(Duration.ofMillis(block.resolutionMillis())));
    }

    static Column<BucketBlock> source() {
        return Column.of("SOURCE", BucketBlock::source);
    }

    /// What `--selector` asks for.
    static Predicate<BucketBlock> selected(Arguments arguments) throws UsageException {
        String text = arguments.value("selector").orElse("{}");
        try {
            List<Matcher> matchers = Matcher.parse(text);
            return block -> {
                LabelSet labels = LabelSet.of(block.labels());
                return matchers.stream().allMatch(matcher -> matcher.matches(labels));
            };
        } catch (IllegalArgumentException e) {
            throw new UsageException("--selector: " + e.getMessage());
        }
    }
}
