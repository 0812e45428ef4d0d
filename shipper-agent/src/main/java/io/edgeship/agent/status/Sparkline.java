package io.edgeship.agent.status;

import io.edgeship.runtime.config.Sizes;
import java.util.List;
import java.util.Locale;

/// Bytes of each hour as a drawing, and in words for whoever does not see it.
record Sparkline(List<SiteStatus.Hour> hours) {
    private static final int BAR_WIDTH = 10;
    private static final int HEIGHT = 60;

    /// An hour in which something went is never drawn as one in which nothing did.
    private static final double HEIGHT_MIN = 1.5;

    long mostBytes() {
        return hours.stream().mapToLong(Sparkline::bytes).max().orElse(0);
    }

    /// The text alternative.
    String words() {
        long all = hours.stream().mapToLong(Sparkline::bytes).sum();
        if (all == 0) {
            return "Nothing went over the link in the last %d hours.".formatted(hours.size());
        }
        return "%s went over the link in the last %s; the most in one hour was %s, and in the hour that is not over it is %s."
                .formatted(
                        Sizes.print(all),
                        hours.size() == 1 ? "hour" : hours.size() + " hours",
                        Sizes.print(mostBytes()),
                        Sizes.print(bytes(hours.getLast())));
    }

    /// The newest hour is at the right; hours before the start are left blank.
    String svg() {
        StringBuilder svg = new StringBuilder();
        int width = SiteStatus.HOURS * BAR_WIDTH;
        svg.append("<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" aria-labelledby=\"spark\">"
                .formatted(width, HEIGHT));
        svg.append("<title id=\"spark\">").append(Html.escape(words())).append("</title>");
        double most = Math.max(1, (double) mostBytes());
        for (int i = 0; i < hours.size(); i++) {
            long bytes = bytes(hours.get(i));
            if (bytes > 0) {
                double height = Math.max(HEIGHT_MIN, HEIGHT * (double) bytes / most);
                int x = width - (hours.size() - i) * BAR_WIDTH;
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>",
                        x + 1,
                        HEIGHT - height,
                        BAR_WIDTH - 2,
                        height));
            }
        }
        return svg.append("</svg>").toString();
    }

    private static long bytes(SiteStatus.Hour hour) {
        return hour.sentBytes() + hour.receivedBytes();
    }
}
