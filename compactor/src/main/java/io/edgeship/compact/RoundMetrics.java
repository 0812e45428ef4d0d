package io.edgeship.compact;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.Mark;
import io.edgeship.compact.mark.DeletionReason;
import io.edgeship.compact.mark.NoCompactReason;
import io.edgeship.compact.plan.CompactionPlan;
import io.edgeship.compact.round.RetentionReport;
import io.edgeship.compact.round.RoundReport;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/// The metrics of compaction, retention and marks; each is described in `docs/reference/compactor.md`. Where Thanos'
/// compactor has one of the same meaning, its name is taken. Thread-safe.
final class RoundMetrics {
    private static final String COMPACTIONS = "thanos.compact.group.compactions";

    /// Without the length of time, which is the configuration's to choose.
    private static final String EXPIRED = "block exceeding retention";

    private final MeterRegistry registry;
    private final Counter started;
    private final Counter completed;
    private final Counter failed;
    private final Counter vertical;
    private final Counter downsampled;
    private final Counter collected;
    private final Counter retries;
    private final Counter readBytes;
    private final Counter writtenBytes;
    private final Timer planTime;
    private final AtomicLong todoCompactions;
    private final AtomicLong todoCompactionBlocks;
    private final AtomicLong todoDownsampleBlocks;
    private final AtomicLong todoDeletionBlocks;
    private final AtomicLong quarantined;
    private final AtomicLong noCompact;
    private final AtomicLong kept;
    private final AtomicLong streamsFailed;
    private final AtomicLong streamsPutOff;
    private final AtomicLong streamsBusy;
    private final AtomicLong refused;
    private final Set<BlockId> quarantinedSinceStart = new HashSet<>();

    RoundMetrics(MeterRegistry registry) {
        this.registry = registry;
        gauge("thanos.compact.halted", "Always 0: nothing halts this compactor.");
        counter("thanos.compact.downsample.failures", "Always 0: a pass that fails counts as a compaction.");
        started = counter("thanos.compact.group.compaction.runs.started", "Plans that were begun.");
        completed = counter("thanos.compact.group.compaction.runs.completed", "Plans that were carried out.");
        failed = counter("thanos.compact.group.compactions.failures", "Plans that failed or met a broken block.");
        vertical = counter("thanos.compact.group.vertical.compactions", "Compactions of blocks that overlap.");
        downsampled =
                counter("thanos.compact.downsample", "Blocks of 5 minutes and of 1 hour that were made of finer.");
        collected = counter("thanos.compact.garbage.collected.blocks", "Blocks marked as another holds their sources.");
        retries =
                counter("thanos.compact.retries", "Streams of which something failed, tried again in the next cycle.");
        readBytes = counter("edgeship.compact.read.bytes", "Read from the store by compactions.");
        writtenBytes = counter("edgeship.compact.written.bytes", "Written to the store by compactions.");
        planTime = Timer.builder("edgeship.compact.plan")
                .description("How long carrying a plan out took.")
                .register(registry);
        todoCompactions = gauge("thanos.compact.todo.compactions", "Compactions left after the last cycle.");
        todoCompactionBlocks = gauge("thanos.compact.todo.compaction.blocks", "Blocks that these would take.");
        todoDownsampleBlocks = gauge("thanos.compact.todo.downsample.blocks", "Blocks left to be downsampled alone.");
        todoDeletionBlocks = gauge("thanos.compact.todo.deletion.blocks", "Blocks that are over and not marked yet.");
        quarantined = gauge("edgeship.compact.quarantined.blocks", "Marked as broken since the start, and still so.");
        noCompact = gauge("edgeship.compact.no.compact.blocks", "Blocks with a no-compact mark, whoever set it.");
        kept = gauge("edgeship.compact.kept.blocks", "Old enough to go, kept as no coarser block holds their samples.");
        streamsFailed =
                gauge("edgeship.compact.streams.failed", "Streams of which something failed in the last cycle.");
        streamsPutOff = gauge("edgeship.compact.streams.put.off", "Streams with a plan that failed and is put off.");
        streamsBusy = gauge("edgeship.compact.streams.busy", "Streams that another compactor had in the last cycle.");
        refused = gauge("edgeship.compact.refused", "1 where the last cycle refused to rewrite, mark and remove.");
        List.of(0L, 300_000L, 3_600_000L).forEach(this::compactions);
        marked(Mark.NoCompact.FILE_NAME, NoCompactReason.BROKEN.text());
        marked(Mark.NoDownsample.FILE_NAME, NoCompactReason.BROKEN.text());
        List.of(new DeletionReason.Compacted().text(), new DeletionReason.Outdated().text(), EXPIRED)
                .forEach(reason -> marked(Mark.Deletion.FILE_NAME, reason));
    }

    void finished(Upkeep.Result result) {
        refused.set(result.refused().isPresent() ? 1 : 0);
        if (result.refused().isPresent()) {
            return; // nothing was looked at, so that nothing new is known
        }
        RoundReport round = result.round();
        round.done().forEach(this::done);
        int unfinished = round.failures().size() + round.quarantined().size();
        started.increment((double) round.done().size() + unfinished);
        failed.increment(unfinished);
        retries.increment(result.failures().size());
        streamsFailed.set(result.failing().size());
        streamsPutOff.set(round.putOff().size());
        streamsBusy.set(result.busy().size());
        left(round.left().plans());
        marks(result);
    }

    private void done(RoundReport.Done done) {
        completed.increment();
        if (done.isCompaction()) {
            compactions(done.fromResolutionMillis()).increment();
            vertical.increment(done.isVertical() ? 1 : 0);
        }
        downsampled.increment((double) done.downsampled());
        readBytes.increment((double) done.readBytes());
        writtenBytes.increment((double) done.writtenBytes());
        planTime.record(Duration.ofMillis(done.millis()));
    }

    private void left(List<CompactionPlan> plans) {
        List<CompactionPlan> compactions =
                plans.stream().filter(RoundMetrics::isCompaction).toList();
        todoCompactions.set(compactions.size());
        todoCompactionBlocks.set(sources(compactions));
        todoDownsampleBlocks.set(sources(plans) - sources(compactions));
    }

    private static long sources(List<CompactionPlan> plans) {
        return plans.stream().mapToLong(plan -> plan.sources().size()).sum();
    }

    private static boolean isCompaction(CompactionPlan plan) {
        return plan.resolutions().contains(plan.stream().resolutionMillis());
    }

    private void marks(Upkeep.Result result) {
        RoundReport round = result.round();
        round.marked()
                .forEach((reason, blocks) ->
                        marked(Mark.Deletion.FILE_NAME, reason).increment(blocks));
        collected.increment(round.marked().getOrDefault(new DeletionReason.Outdated().text(), 0));
        for (String marker : List.of(Mark.NoCompact.FILE_NAME, Mark.NoDownsample.FILE_NAME)) {
            marked(marker, NoCompactReason.BROKEN.text())
                    .increment(round.quarantined().size());
        }
        quarantinedSinceStart.addAll(round.quarantined().keySet());
        quarantinedSinceStart.retainAll(ids(result.view(), BucketBlock::noCompact));
        quarantined.set(quarantinedSinceStart.size());
        noCompact.set(ids(result.view(), BucketBlock::noCompact).size());
        retained(result.retained());
    }

    private void retained(RetentionReport retained) {
        marked(Mark.Deletion.FILE_NAME, EXPIRED).increment(retained.marked().size());
        kept.set(retained.decided().kept().size());
        todoDeletionBlocks.set(retained.decided().kept().size() + retained.unmarked());
    }

    private static Set<BlockId> ids(BucketView view, Predicate<BucketBlock> which) {
        Set<BlockId> ids = new HashSet<>();
        view.blocks().stream()
                .filter(which)
                .forEach(block -> ids.add(block.meta().id()));
        return ids;
    }

    private Counter compactions(long resolutionMillis) {
        return Counter.builder(COMPACTIONS)
                .description("Compactions, by the resolution of what was compacted, in milliseconds.")
                .tag("resolution", Long.toString(resolutionMillis))
                .register(registry);
    }

    private Counter marked(String marker, String reason) {
        return Counter.builder("thanos.compact.blocks.marked")
                .description("Marks that were set, by file and reason.")
                .tags("marker", marker, "reason", reason)
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private AtomicLong gauge(String name, String description) {
        AtomicLong value = new AtomicLong();
        Gauge.builder(name, value, AtomicLong::get).description(description).register(registry);
        return value;
    }
}
