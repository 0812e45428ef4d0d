package io.edgeship.block.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The violations found so far, the first found first.
final class Findings {
    /// There is no use in going on with this block.
    static final class EnoughException extends IOException {
        private static final long serialVersionUID = 1;
    }

    private final List<Violation> violations = new ArrayList<>();

    /// @throws EnoughException once there are [BlockVerifier#VIOLATIONS_MAX]
    void add(Rule rule, String file, long offset, String detail) throws EnoughException {
        violations.add(new Violation(rule, file, offset, detail));
        if (violations.size() >= BlockVerifier.VIOLATIONS_MAX) {
            throw new EnoughException();
        }
    }

    /// Adds the last one: what follows would cost more than it is worth.
    EnoughException last(Rule rule, String file, long offset, String detail) throws EnoughException {
        add(rule, file, offset, detail);
        return new EnoughException();
    }

    List<Violation> violations() {
        return violations;
    }
}
