package io.edgeship.block.relabel;

/// A rule that cannot mean anything, or not what was meant. Names the key that is wrong, so that a configuration can
/// point at its line.
public final class InvalidRuleException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String key;
    private final String problem;

    InvalidRuleException(String key, String problem) {
        super(key + " " + problem);
        this.key = key;
        this.problem = problem;
    }

    /// As a configuration spells it: `target_label`.
    public String key() {
        return key;
    }

    /// What is wrong with the key, to be read after its name.
    public String problem() {
        return problem;
    }
}
