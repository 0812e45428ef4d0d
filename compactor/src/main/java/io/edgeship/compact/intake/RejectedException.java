package io.edgeship.compact.intake;

/// An item that will never be taken: it breaks a rule, whatever is sent again.
public final class RejectedException extends Exception {
    private static final long serialVersionUID = 1;

    /// What a site says may be long and is printed for people.
    private static final int DETAIL_CHARS_MAX = 500;

    private final String rule;

    /// @param rule   as the table in `docs/reference/compactor.md` calls it
    /// @param detail the value found and the one wanted
    public RejectedException(String rule, String detail) {
        super(detail.length() <= DETAIL_CHARS_MAX ? detail : detail.substring(0, DETAIL_CHARS_MAX));
        this.rule = rule;
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more library
    public static void require(boolean holds, String rule, String detail, Object... values) throws RejectedException {
        if (!holds) {
            throw new RejectedException(rule, detail.formatted(values));
        }
    }

    String rule() {
        return rule;
    }

    /// For the receipt: `rule: detail`.
    public String words() {
        return rule + ": " + getMessage();
    }
}
