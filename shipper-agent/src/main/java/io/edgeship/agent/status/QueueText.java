package io.edgeship.agent.status;

import io.edgeship.runtime.config.Sizes;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A queue as plain text, an item a line, with bars and totals. Without colours or anything else that a file would not
/// like.
public final class QueueText {
    private final Map<String, Instant> doneAt = new HashMap<>();
    private final Optional<Instant> allDoneAt;
    private final Instant now;
    private final StringBuilder text = new StringBuilder();
    private int items;
    private long bytes;
    private long sentBytes;

    /// @param status of the running agent; empty where none answers
    public QueueText(Optional<SiteStatus> status) {
        status.stream()
                .flatMap(one -> one.sources().stream())
                .flatMap(source -> source.items().stream())
                .forEach(item -> item.doneAt().ifPresent(at -> doneAt.put(item.block(), at)));
        allDoneAt = status.flatMap(one -> one.estimate().doneAt());
        now = status.map(one -> one.clockSkew().map(one.at()::minus).orElse(one.at()))
                .orElse(Instant.EPOCH);
    }

    public void line(String line) {
        text.append(line).append('\n');
    }

    public void waiting(String place, String block, long sizeBytes, long confirmedBytes) {
        int percent = sizeBytes == 0 ? 0 : StatusText.percent(confirmedBytes, sizeBytes);
        text.append("%-10s %s %10s  %s %3d %%"
                .formatted(place, block, Sizes.print(sizeBytes), StatusText.bar(percent), percent));
        Instant at = doneAt.get(block);
        text.append(at == null ? "" : "  done " + Words.from(now, at)).append('\n');
        items++;
        bytes += sizeBytes;
        sentBytes += Math.min(sizeBytes, confirmedBytes);
    }

    public void other(String place, String block, long sizeBytes, String remark) {
        text.append("%-10s %s %10s  %s\n".formatted(place, block, Sizes.print(sizeBytes), remark));
    }

    /// The whole, with totals at the end.
    public String finish() {
        text.append("%s waiting, %s, of it sent %s"
                .formatted(Words.blocks(items), Sizes.print(bytes), Sizes.print(sentBytes)));
        allDoneAt.ifPresent(at ->
                text.append("; done ").append(Words.from(now, at)).append(", ").append(Words.minute(at)));
        return text.append('\n').toString();
    }
}
