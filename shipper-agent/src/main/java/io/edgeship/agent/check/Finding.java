package io.edgeship.agent.check;

import io.edgeship.block.json.JsonObject;
import java.util.Locale;

/// What came of one check.
///
/// @param subject what it was about, where there may be several: a source's path; else empty
/// @param text    what was found, without a full stop
/// @param fix     what to do; empty for what passed or was skipped
public record Finding(Check check, String subject, Verdict verdict, String text, String fix) {
    /// How it is.
    public enum Verdict {
        /// As it should be.
        PASS,
        /// It works, at a price that the text names.
        WARN,
        /// It does not work.
        FAIL,
        /// Could not be looked at, for the reason given; no verdict.
        SKIP
    }

    static Finding pass(Check check, String text) {
        return new Finding(check, "", Verdict.PASS, text, "");
    }

    static Finding warn(Check check, String text, String fix) {
        return new Finding(check, "", Verdict.WARN, text, fix);
    }

    static Finding fail(Check check, String text, String fix) {
        return new Finding(check, "", Verdict.FAIL, text, fix);
    }

    static Finding skip(Check check, String why) {
        return new Finding(check, "", Verdict.SKIP, "skipped: " + why, "");
    }

    Finding of(Object about) {
        return new Finding(check, about.toString(), verdict, text, fix);
    }

    /// For the terminal.
    public String line() {
        String about = subject.isEmpty() ? "" : " " + subject;
        return "%-4s  %s%s: %s%s".formatted(verdict, check, about, text, fix.isEmpty() ? "" : ". Fix: " + fix);
    }

    JsonObject toJson() {
        return JsonObject.empty()
                .with("check", check.toString())
                .with("subject", subject)
                .with("verdict", verdict.name().toLowerCase(Locale.ROOT))
                .with("text", text)
                .with("fix", fix);
    }
}
