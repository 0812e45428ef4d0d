package io.edgeship.compact;

import io.edgeship.compact.round.RoundReport;
import io.edgeship.runtime.config.Sizes;
import java.util.TreeMap;

/// What was done to blocks, in lines for people; none where nothing was.
final class CompactionSummary {
    private CompactionSummary() {}

    static String of(Upkeep.Result result) {
        StringBuilder text = new StringBuilder();
        result.refused().ifPresent(why -> text.append("nothing was compacted, marked or removed: %s%n".formatted(why)));
        RoundReport round = result.round();
        if (!round.done().isEmpty()) {
            text.append("compacted %d blocks into %d, read %s, wrote %s%n"
                    .formatted(
                            round.done().stream()
                                    .mapToInt(RoundReport.Done::sources)
                                    .sum(),
                            round.done().stream()
                                    .mapToInt(done -> done.resolutionsMillis().size())
                                    .sum(),
                            Sizes.print(round.done().stream()
                                    .mapToLong(RoundReport.Done::readBytes)
                                    .sum()),
                            Sizes.print(round.done().stream()
                                    .mapToLong(RoundReport.Done::writtenBytes)
                                    .sum())));
        }
        int marked = result.retained().marked().size();
        text.append(marked == 0 ? "" : "marked %d blocks that are over%n".formatted(marked));
        new TreeMap<>(round.quarantined())
                .forEach((block, problem) -> text.append("quarantined %s: %s%n".formatted(block, problem)));
        result.failures()
                .forEach((stream, why) ->
                        text.append("%s failed, the next cycle tries again: %s%n".formatted(stream, why)));
        new TreeMap<>(round.putOff())
                .forEach((stream, why) -> text.append("%s has a plan that is %s%n".formatted(stream, why)));
        result.busy().forEach((stream, holder) -> text.append("%s is worked on by %s%n".formatted(stream, holder)));
        return printable(text.toString());
    }

    /// Labels are what a site wrote: no control character of theirs reaches a terminal.
    private static String printable(String lines) {
        return lines.replaceAll("[\\p{C}&&[^\n]]", "?");
    }
}
