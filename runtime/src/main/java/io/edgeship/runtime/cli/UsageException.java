package io.edgeship.runtime.cli;

/// A command line that makes no sense. The message says what is wrong with it.
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    public UsageException(String problem) {
        super(problem);
    }
}
