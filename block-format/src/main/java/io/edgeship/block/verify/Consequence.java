package io.edgeship.block.verify;

/// What Thanos' compactor does with a block that breaks a [Rule].
public enum Consequence {
    HALT("halts"),
    EXIT("exits with an error"),
    NO_COMPACT("exits with an error, or where told to skip such blocks marks it no-compact"),
    REPAIR("rewrites the block"),
    SKIP("passes over the block as partial"),
    STALL("tries again for ever, and does nothing else"),
    UNNOTICED("does not notice; queries fail or miss data"),
    NONE("does not look");

    private final String text;

    Consequence(String text) {
        this.text = text;
    }

    /// What "Thanos' compactor" is the subject of.
    public String text() {
        return text;
    }
}
