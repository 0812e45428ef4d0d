package io.edgeship.agent.status;

import io.edgeship.runtime.config.Sizes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A status as a page: whole without scripts and without a second request, at any width, light and dark.
public final class StatusHtml {
    /// Headers that the page wants to be sent with.
    public static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", Html.CONTENT_SECURITY_POLICY,
            "Referrer-Policy", "no-referrer",
            "Cache-Control", "no-store",
            "Vary", "Accept");

    /// A page that is read on a slow link lists so many of a kind.
    private static final int ITEMS_MAX = 20;

    private final SiteStatus status;
    private final Instant now;
    private final StringBuilder page = new StringBuilder();

    private StatusHtml(SiteStatus status) {
        this.status = status;
        now = status.clockSkew().map(skew -> status.at().minus(skew)).orElse(status.at());
    }

    public static String of(SiteStatus status) {
        StatusHtml html = new StatusHtml(status);
        html.write();
        return html.page.toString();
    }

    private void write() {
        String site = Html.escape(status.site());
        page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<title>" + site + " · Edgeship</title>\n<style>" + Html.STYLE + "</style>\n</head>\n<body>\n")
                .append("<header>\n<p class=\"muted\">Edgeship site</p>\n<h1>" + site + "</h1>\n");
        verdict();
        page.append("</header>\n<main>\n");
        problems();
        status.link().ifPresent(this::link);
        budgets();
        status.sources().forEach(this::queue);
        traffic();
        losses();
        page.append("</main>\n<footer>\n<p>")
                .append("<a href=\"/status.json\">JSON</a><a href=\"/metrics\">metrics</a>")
                .append("<a href=\"/-/ready\">readiness</a><a href=\"/-/healthy\">health</a></p>\n<p>Version ")
                .append(Html.escape(status.version()))
                .append(status.uptime()
                        .map(up -> ", running for " + Words.duration(up))
                        .orElse(""))
                .append(". As of ")
                .append(Words.minute(now))
                .append("; all times are UTC. Load again for news.</p>\n</footer>\n</body>\n</html>\n");
    }

    /// What there is to know in one sentence.
    private void verdict() {
        boolean closed = status.link().isPresent() && !status.link().get().open();
        String waits = "<b>%s</b> (%s) %s"
                .formatted(
                        Words.blocks(status.waiting()),
                        Sizes.print(status.waitingBytes()),
                        status.waiting() == 1 ? "waits" : "wait");
        String done = status.estimate()
                .doneAt()
                .map(at -> "; done " + Words.from(now, at))
                .orElse("");
        String words;
        String tone;
        if (!status.ready()) {
            tone = "bad";
            words = "<b>Needs attention.</b> " + (status.waiting() == 0 ? "Nothing waits." : waits + ".");
        } else if (status.waiting() == 0) {
            tone = "ok";
            words = "<b>Everything is shipped.</b>";
        } else {
            tone = closed ? "warn" : "ok";
            words = waits + (closed ? " for the link" : "") + Html.escape(done) + ".";
        }
        page.append("<p class=\"verdict %s\">%s</p>\n".formatted(tone, words));
    }

    private void open(String id, String title, boolean wide) {
        page.append("<section aria-labelledby=\"%s\"%s>\n<h2 id=\"%s\">%s</h2>\n"
                .formatted(id, wide ? " class=\"wide\"" : "", id, Html.escape(title)));
    }

    private void close() {
        page.append("</section>\n");
    }

    private void problems() {
        if (status.ready() && status.notes().isEmpty()) {
            return;
        }
        open("attention", status.ready() ? "Good to know" : "What is wrong", true);
        page.append("<ul>\n");
        status.problems().forEach((check, reason) -> item("<b>" + Html.escape(check) + "</b>: " + Html.escape(reason)));
        status.notes().forEach(note -> item(Html.escape(note)));
        page.append("</ul>\n");
        close();
    }

    private void item(String html) {
        page.append("<li>").append(html).append("</li>\n");
    }

    private void link(SiteStatus.Link link) {
        open("link", "Link", false);
        page.append("<dl>\n");
        term("State", link.open() ? "open" : "closed");
        if (!link.reason().isEmpty()) {
            term("Why", link.reason());
        }
        link.opensAt().ifPresent(at -> term("Opens", Words.from(now, at) + ", " + Words.minute(at)));
        term("Last contact", status.lastContact().map(this::ago).orElse("none since the start"));
        term("Clock", status.clockSkew().map(Words::skew).orElse("the store has not told the time"));
        term("Rate", link.maxBytesPerSecond().map(Words::rate).orElse("unlimited"));
        term("Speed seen", link.seenBytesPerSecond().map(Words::rate).orElse("not known yet"));
        term("Transport", status.transport());
        term("Bucket", status.bucket());
        page.append("</dl>\n");
        close();
    }

    private String ago(Instant at) {
        return Words.from(now, at) + ", " + Words.minute(at);
    }

    private void term(String name, String value) {
        page.append(Html.term(name, value));
    }

    private void budgets() {
        List<SiteStatus.Budget> all =
                status.link().map(SiteStatus.Link::budgets).orElse(List.of());
        if (all.isEmpty()) {
            return;
        }
        open("budget", "Budget", false);
        for (SiteStatus.Budget budget : all) {
            String name = budget.period().equals("day") ? "Today" : "This month";
            Optional<Long> limit = budget.limitBytes();
            String used = Sizes.print(budget.usedBytes())
                    + limit.map(most -> " of " + Sizes.print(most)).orElse(", no budget");
            page.append("<div class=\"row\"><span>%s</span><span>%s</span></div>\n".formatted(name, Html.escape(used)));
            limit.ifPresent(most -> page.append(
                            Html.bar(name + ": used of the budget", StatusText.percent(budget.usedBytes(), most)))
                    .append('\n'));
        }
        close();
    }

    private void queue(SiteStatus.Source source) {
        String id = "queue-" + status.sources().indexOf(source);
        open(id, "Queue of " + source.path(), true);
        source.stopped().ifPresent(why -> page.append("<p><b>Stopped:</b> " + Html.escape(why) + "</p>\n"));
        page.append("<p>%s, %s%s. %s</p>\n"
                .formatted(
                        source.ready() + source.incoming() == 0
                                ? "Nothing waits"
                                : Words.blocks(source.ready() + source.incoming()),
                        Sizes.print(source.waitingBytes()),
                        source.awaiting() == 0 ? "" : ", " + source.awaiting() + " of them for the centre's receipt",
                        Html.escape(source.lastShipped()
                                .map(last -> "Last shipped " + Words.from(now, last.at()) + ".")
                                .orElse("Nothing was shipped yet."))));
        if (source.future() > 0) {
            page.append("<p><b>Of the future</b> by the store's clock: " + Words.blocks(source.future()) + ".</p>\n");
        }
        source.room()
                .ifPresent(
                        room -> page.append("<p class=\"muted\">Spool: " + Html.escape(Words.room(room)) + ".</p>\n"));
        if (status.estimate().doneAt().isEmpty() && !source.items().isEmpty()) {
            page.append("<p class=\"muted\">No estimate: "
                    + Html.escape(status.estimate().why()) + ".</p>\n");
        }
        if (!source.items().isEmpty()) {
            page.append("<ol>\n");
            source.items().stream().limit(ITEMS_MAX).forEach(this::item);
            page.append("</ol>\n");
        }
        more(source.ready()
                + source.incoming()
                - Math.min(ITEMS_MAX, source.items().size()));
        close();
    }

    private void more(int count) {
        if (count > 0) {
            page.append("<p class=\"muted\">and " + Words.blocks(count) + " more</p>\n");
        }
    }

    private void item(SiteStatus.Item item) {
        String span = item.from().isPresent() && item.until().isPresent()
                ? Words.span(item.from().get(), item.until().get())
                : "not read yet";
        String done = item.doneAt().map(at -> ", done " + Words.from(now, at)).orElse("");
        page.append("<li><div class=\"row\"><span>%s</span><span>%s</span></div>%s"
                .formatted(
                        Html.escape(span),
                        Html.escape(Words.stage(item.stage())),
                        Html.bar("Block " + item.block() + " sent", item.percent())));
        page.append("<div class=\"row muted\"><code>%s</code><span>%d %% of %s%s</span></div></li>\n"
                .formatted(item.block(), item.percent(), Sizes.print(item.sizeBytes()), Html.escape(done)));
    }

    private void traffic() {
        if (status.hours().isEmpty()) {
            return;
        }
        Sparkline line = new Sparkline(status.hours());
        open("traffic", "Bytes per hour", true);
        page.append(line.svg())
                .append("\n<div class=\"row muted\"><span>48 h ago</span><span>now</span></div>\n<p>")
                .append(Html.escape(line.words()))
                .append("</p>\n<p class=\"muted\">Kept in memory: it begins anew when the agent is restarted.</p>\n");
        close();
    }

    private void losses() {
        open("losses", "Losses, quarantine, held", true);
        int none = page.length();
        for (SiteStatus.Source source : status.sources()) {
            asides("Losses on record", source.lossRecords(), source.losses());
            asides("In quarantine", source.quarantined(), source.quarantine());
            if (!source.held().isEmpty()) {
                page.append("<h3>Held: " + Words.blocks(source.held().size()) + "</h3>\n<ul>\n");
                source.held().entrySet().stream()
                        .limit(ITEMS_MAX)
                        .forEach(one ->
                                item("<code>" + Html.escape(one.getKey()) + "</code> " + Html.escape(one.getValue())));
                page.append("</ul>\n");
                more(source.held().size() - ITEMS_MAX);
            }
        }
        if (page.length() == none) {
            page.append("<p>None.</p>\n");
        }
        close();
    }

    private void asides(String title, int count, List<SiteStatus.Aside> some) {
        if (count == 0) {
            return;
        }
        page.append("<h3>" + title + ": " + Words.blocks(count) + "</h3>\n<ul>\n");
        for (SiteStatus.Aside aside : some.subList(0, Math.min(ITEMS_MAX, some.size()))) {
            String span = aside.from().isPresent() && aside.until().isPresent()
                    ? Words.span(aside.from().get(), aside.until().get()) + ": "
                    : "";
            item("<code>%s</code> %s<b>%s</b>, %s"
                    .formatted(aside.block(), span, Html.escape(aside.reason()), Html.escape(aside.detail())));
        }
        page.append("</ul>\n");
        more(count - Math.min(ITEMS_MAX, some.size()));
    }
}
