package io.edgeship.agent.check;

import io.edgeship.agent.check.Finding.Verdict;
import io.edgeship.block.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// All findings, in the order of looking.
public record Report(List<Finding> findings) {
    public Report {
        findings = List.copyOf(findings);
    }

    public boolean failed() {
        return count(Verdict.FAIL) > 0;
    }

    private long count(Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).count();
    }

    /// The last line.
    public String total() {
        return "%d passed, %d to be aware of (WARN), %d failed (FAIL), %d skipped"
                .formatted(count(Verdict.PASS), count(Verdict.WARN), count(Verdict.FAIL), count(Verdict.SKIP));
    }

    public String json() {
        JsonObject json = JsonObject.empty()
                .with("passed", count(Verdict.PASS))
                .with("warnings", count(Verdict.WARN))
                .with("failed", count(Verdict.FAIL))
                .with("skipped", count(Verdict.SKIP))
                .with("findings", findings.stream().map(Finding::toJson).toList());
        return new String(json.toIndentedBytes(), StandardCharsets.UTF_8);
    }
}
