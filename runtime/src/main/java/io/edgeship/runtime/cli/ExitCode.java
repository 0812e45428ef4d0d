package io.edgeship.runtime.cli;

/// What a command tells the shell that ran it.
public enum ExitCode {
    /// Everything asked for was done.
    DONE(0),
    /// Work is left, or a check failed; the output says which.
    WORK_LEFT(1),
    /// The arguments or the configuration are wrong; nothing was done.
    WRONG_USE(2);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
