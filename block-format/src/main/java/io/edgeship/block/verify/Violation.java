package io.edgeship.block.verify;

/// One place where a block breaks a rule.
///
/// @param file   relative to the block: `index`, `chunks/000001`
/// @param offset in that file, or -1 where the file as a whole is meant
public record Violation(Rule rule, String file, long offset, String detail) {
    @Override
    public String toString() {
        String place = offset < 0 ? file : "%s at offset %d (0x%x)".formatted(file, offset, offset);
        return "%s: %s: %s".formatted(rule, place, detail);
    }
}
