package io.edgeship.runtime.cli;

/// One thing that `edgeship` can do.
public interface Command {
    Usage usage();

    /// Does it. An exception that escapes is printed as one line and ends in [ExitCode#WORK_LEFT], or in
    /// [ExitCode#WRONG_USE] where the arguments or the configuration are to blame.
    ExitCode run(Arguments arguments, Terminal terminal) throws Exception;
}
