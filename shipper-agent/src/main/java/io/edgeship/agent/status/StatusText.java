package io.edgeship.agent.status;

import io.edgeship.runtime.config.Sizes;
import java.time.Instant;
import java.util.Optional;

/// A status as plain text: for a terminal, and for whoever asks the agent with curl.
public final class StatusText {
    private static final int BAR_WIDTH = 20;

    private final SiteStatus status;
    private final Instant now;
    private final StringBuilder page = new StringBuilder();

    private StatusText(SiteStatus status) {
        this.status = status;
        now = status.lastContact().isPresent() && status.clockSkew().isPresent()
                ? status.at().minus(status.clockSkew().get())
                : status.at();
    }

    public static String of(SiteStatus status) {
        StatusText text = new StatusText(status);
        text.describe();
        return text.page.toString();
    }

    private void describe() {
        line("site", status.site());
        line("bucket", status.bucket());
        if (status.live()) {
            line("version", status.version());
            status.uptime().ifPresent(uptime -> line("running since", Words.duration(uptime)));
            line("ready", status.ready() ? "yes" : "no");
        }
        status.problems().forEach((check, reason) -> line("  " + check, reason));
        line("transport", status.transport());
        status.notes().forEach(note -> line("  note", note));
        status.link().ifPresent(this::describeLink);
        line("receipts outstanding", status.awaiting() + " blocks");
        describeTotal();
        status.sources().forEach(this::describe);
    }

    private void describeLink(SiteStatus.Link link) {
        line("link", link.open() ? "open" : "closed: " + link.reason());
        if (link.open() && !link.reason().isEmpty()) {
            line("  note", link.reason());
        }
        line("rate", link.maxBytesPerSecond().map(Words::rate).orElse("unlimited"));
        line("speed seen", link.seenBytesPerSecond().map(Words::rate).orElse("nothing of size was sent yet"));
        line(
                "last contact",
                status.lastContact()
                        .map(at -> Words.minute(at) + ", " + Words.from(now, at))
                        .orElse("none since the start"));
        line("clock", status.clockSkew().map(Words::skew).orElse("the store has not told the time"));
        line("sent since start", Sizes.print(link.sentBytes()));
        for (SiteStatus.Budget budget : link.budgets()) {
            String used = Sizes.print(budget.usedBytes());
            Optional<Long> limit = budget.limitBytes();
            line(
                    "used this " + budget.period(),
                    limit.map(most -> used + " of " + Sizes.print(most) + "  " + bar(percent(budget.usedBytes(), most)))
                            .orElse(used + ", no budget"));
        }
    }

    private void describeTotal() {
        line("to send", Sizes.print(status.estimate().leftBytes()));
        line(
                "done",
                status.estimate()
                        .doneAt()
                        .map(at -> Words.minute(at) + ", " + Words.from(now, at))
                        .orElse(status.estimate().why()));
    }

    private void describe(SiteStatus.Source source) {
        page.append('\n');
        line("source", source.path());
        source.stopped().ifPresent(why -> line("  stopped", why));
        line("waiting to be shipped", "%d blocks, %s".formatted(source.ready(), Sizes.print(source.waitingBytes())));
        source.items().stream()
                .flatMap(item -> item.from().stream())
                .findFirst()
                .ifPresent(oldest -> line("oldest sample waiting", oldest.toString()));
        line("waiting to be sealed", source.incoming() + " blocks");
        if (source.future() > 0) {
            line("of the future", source.future() + " blocks, by the store's clock");
        }
        source.room().ifPresent(room -> line("spool", Words.room(room)));
        describeItems(source, "  ");
        line(
                "last shipped",
                source.lastShipped()
                        .map(last -> last.block() + " at " + last.at())
                        .orElse("nothing yet"));
        line("set aside", source.quarantined() + " blocks");
        source.quarantine().forEach(aside -> line("  " + aside.block(), aside.reason() + ": " + aside.detail()));
        line("losses on record", String.valueOf(source.lossRecords()));
        source.losses().forEach(loss -> line("  " + loss.block(), loss.reason() + ": " + loss.detail()));
        source.held().forEach((block, reason) -> line("held " + block, reason));
    }

    private void describeItems(SiteStatus.Source source, String indent) {
        for (SiteStatus.Item item : source.items()) {
            page.append("%s%-14s %s %10s  %s %3d %%%s%n"
                    .formatted(
                            indent,
                            Words.stage(item.stage()),
                            item.block(),
                            Sizes.print(item.sizeBytes()),
                            bar(item.percent()),
                            item.percent(),
                            item.doneAt().map(at -> "  " + Words.from(now, at)).orElse("")));
        }
        int more = source.ready() + source.incoming() - source.items().size();
        if (more > 0) {
            page.append(indent).append("and ").append(Words.blocks(more)).append(" more\n");
        }
    }

    static int percent(long part, long whole) {
        return whole <= 0 ? 100 : (int) Math.clamp(100.0 * part / whole, 0, 100);
    }

    static String bar(int percent) {
        int full = percent * BAR_WIDTH / 100;
        return "[" + "#".repeat(full) + ".".repeat(BAR_WIDTH - full) + "]";
    }

    private void line(String name, String value) {
        page.append("%-24s%s%n".formatted(name + ":", value));
    }
}
