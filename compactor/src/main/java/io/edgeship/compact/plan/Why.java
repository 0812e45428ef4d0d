package io.edgeship.compact.plan;

import io.edgeship.block.BlockId;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.PartialBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tells of one block what becomes of it and why, in sentences for people.
public final class Why {
    private Why() {}

    /// @param planned of the same view
    public static List<String> of(BucketView view, Planned planned, BlockId id) {
        Optional<BucketBlock> block =
                view.blocks().stream().filter(one -> one.meta().id().equals(id)).findFirst();
        return block.map(found -> of(view, planned, found)).orElseGet(() -> absent(view, id));
    }

    private static List<String> absent(BucketView view, BlockId id) {
        List<String> sentences = new ArrayList<>();
        view.partial().stream()
                .filter(partial -> partial.id().equals(id))
                .findFirst()
                .ifPresentOrElse(
                        partial -> sentences.add(partial(partial)),
                        () -> sentences.add("There is no block %s in the bucket.".formatted(id)));
        List<BucketBlock> holders = view.blocks().stream()
                .filter(block -> block.sources().contains(id))
                .toList();
        if (!holders.isEmpty()) {
            sentences.add("Its samples are in %s.".formatted(Words.blocks(holders)));
        }
        view.reports().stream()
                .filter(report -> report.outstanding().contains(id))
                .forEach(
                        report -> sentences.add("Site %s says that it still has to send it.".formatted(report.site())));
        return sentences;
    }

    private static String partial(PartialBlock partial) {
        return "It is no block yet, or no more: %s; %d objects, the last written at %s."
                .formatted(partial.why(), partial.objects(), Words.time(partial.newestMillis()));
    }

    private static List<String> of(BucketView view, Planned planned, BucketBlock block) {
        BlockMeta meta = block.meta();
        List<String> sentences = new ArrayList<>();
        sentences.add("It is a %s block of %s, %s, level %d, of %d sources."
                .formatted(
                        Words.resolution(block.resolutionMillis()),
                        block.labels(),
                        Words.range(meta.range()),
                        meta.compaction().level(),
                        block.sources().size()));
        marks(block).ifPresent(sentences::add);
        elsewhere(view, block).ifPresent(sentences::add);
        sentences.addAll(coverage(view, block));
        sentences.add(fate(planned, block));
        return sentences;
    }

    private static Optional<String> marks(BucketBlock block) {
        List<String> marks = new ArrayList<>();
        BucketBlock.SeenMark deletion = block.deletionMark();
        if (deletion != null) {
            marks.add(
                    deletion.equals(BucketBlock.SeenMark.UNREAD)
                            ? "for deletion, by a mark that could not be read just now"
                            : "for deletion since " + Words.time(deletion.atMillis()) + details(deletion));
        }
        if (block.noCompact()) {
            marks.add("no-compact");
        }
        if (block.noDownsample()) {
            marks.add("no-downsample");
        }
        return marks.isEmpty()
                ? Optional.empty()
                : Optional.of("It is marked %s.".formatted(String.join(" and ", marks)));
    }

    private static String details(BucketBlock.SeenMark mark) {
        return mark.details().isEmpty() ? "" : " (" + mark.details() + ")";
    }

    /// Which other block of its resolution holds its samples, such as one that it was compacted into.
    private static Optional<String> elsewhere(BucketView view, BucketBlock block) {
        List<BucketBlock> holders = view.blocks().stream()
                .filter(other -> other.resolutionMillis() == block.resolutionMillis())
                .filter(other -> other.isComplete() && other.deletionMark() == null)
                .filter(other -> other.labels().equals(block.labels()) && !other.equals(block))
                .filter(other -> other.sources().containsAll(block.sources()))
                .toList();
        return holders.isEmpty()
                ? Optional.empty()
                : Optional.of("All of it is in %s, too.".formatted(Words.blocks(holders)));
    }

    /// Which coarser blocks hold its samples.
    private static List<String> coverage(BucketView view, BucketBlock block) {
        List<String> sentences = new ArrayList<>();
        for (long resolution : Sieve.RESOLUTIONS) {
            List<BucketBlock> coarser = view.blocks().stream()
                    .filter(other -> other.resolutionMillis() == resolution && resolution > block.resolutionMillis())
                    .filter(other -> other.isComplete() && other.deletionMark() == null)
                    .filter(other -> other.labels().equals(block.labels()))
                    .toList();
            List<BucketBlock> holders = coarser.stream()
                    .filter(other -> other.sources().stream().anyMatch(block.sources()::contains))
                    .toList();
            if (resolution > block.resolutionMillis()) {
                sentences.add("At %s %s."
                        .formatted(
                                Words.resolution(resolution),
                                new Held(coarser).covers(block, resolution)
                                        ? "all of it is in " + Words.blocks(holders)
                                        : "it is not there yet"
                                                + (holders.isEmpty()
                                                        ? ""
                                                        : ", but for parts in " + Words.blocks(holders))));
            }
        }
        return sentences;
    }

    private static String fate(Planned planned, BucketBlock block) {
        BlockId id = block.meta().id();
        int number = 0;
        for (CompactionPlan plan : planned.plans()) {
            number++;
            if (plan.sources().contains(block)) {
                return "It is a source of plan %d of %d blocks: %s."
                        .formatted(number, plan.sources().size(), plan.why());
            }
            if (plan.outdated().contains(block)) {
                return "It is outdated by what plan %d writes: %s.".formatted(number, plan.why());
            }
        }
        return planned.marks().stream()
                .filter(mark -> mark.block().meta().id().equals(id))
                .findFirst()
                .map(mark -> "It is to be marked for deletion: %s.".formatted(mark.why()))
                .orElseGet(() -> "It is in no plan: it %s."
                        .formatted(sentence(planned.left().getOrDefault(id, "is not of this view"))));
    }

    /// Reasons that begin with something else than what the block does or is.
    private static String sentence(String why) {
        return why.contains("; waits") ? "waits: " + why.replace("; waits until", ", until") : why;
    }
}
