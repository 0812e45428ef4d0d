package io.edgeship.compact.mark;

import java.time.Duration;

/// Why a compactor marks a block for deletion. Its words are those of Thanos' compactor with ours behind them, so
/// that whoever searches for the former finds both, and [#isOfThanos] tells the two apart.
public sealed interface DeletionReason {
    /// Ends every mark that an Edgeship compactor writes.
    String OURS = " (edgeship)";

    /// What Thanos says in the same case.
    String text();

    /// What the mark says.
    default String details() {
        return text() + OURS;
    }

    /// Its samples are in a new block.
    record Compacted() implements DeletionReason {
        @Override
        public String text() {
            return "source of compacted block";
        }
    }

    /// Another block holds all of its sources already.
    record Outdated() implements DeletionReason {
        @Override
        public String text() {
            return "outdated block";
        }
    }

    /// It is older than blocks of its resolution and labels are kept.
    record Expired(Duration retention) implements DeletionReason {
        private static final String BEGIN = "block exceeding retention of ";

        @Override
        public String text() {
            return BEGIN + go(retention);
        }
    }

    /// A person or a script had it deleted, in words of their own.
    record Manual(String text) implements DeletionReason {
        @Override
        public String details() {
            return text;
        }
    }

    /// Whether a Thanos compactor wrote a deletion mark of these details; people write other words.
    static boolean isOfThanos(String details) {
        return details.equals(new Compacted().text())
                || details.equals(new Outdated().text())
                || (details.startsWith(Expired.BEGIN) && !details.endsWith(OURS));
    }

    /// As Go prints a duration of whole seconds: `720h0m0s`, `90s` as `1m30s`.
    private static String go(Duration duration) {
        long hours = duration.toHours();
        String text = hours == 0 ? "" : hours + "h";
        text += text.isEmpty() && duration.toMinutesPart() == 0 ? "" : duration.toMinutesPart() + "m";
        return text + duration.toSecondsPart() + "s";
    }
}
