package io.edgeship.runtime.cli;

import io.edgeship.runtime.config.ConfigException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Finds the command that the words name, runs it, and turns what happens into an exit code.
public final class Commands {
    /// Set to `1`, it prints the stack of an unexpected exception.
    private static final String DEBUG = "EDGESHIP_DEBUG";

    private Commands() {}

    /// Runs on the system's terminal and returns the exit code for [System#exit].
    public static int run(List<Command> commands, String[] words) {
        return run(commands, words, Terminal.system());
    }

    public static int run(List<Command> commands, String[] words, Terminal terminal) {
        List<String> all = Arrays.asList(words);
        Optional<Command> found = commands.stream()
                .filter(command -> startsWith(all, nameOf(command)))
                .max(Comparator.comparingInt(command -> nameOf(command).size()));
        if (found.isEmpty()) {
            return listed(commands, all, terminal).code();
        }
        Command command = found.get();
        List<String> rest = all.subList(nameOf(command).size(), all.size());
        return run(command, rest, terminal).code();
    }

    private static ExitCode run(Command command, List<String> rest, Terminal terminal) {
        if (asksForHelp(rest)) {
            terminal.out().print(command.usage().help());
            return ExitCode.DONE;
        }
        try {
            return command.run(Arguments.parse(command.usage(), rest), terminal);
        } catch (UsageException e) {
            terminal.err()
                    .println("edgeship " + command.usage().command() + ": " + e.getMessage() + "; see edgeship "
                            + command.usage().command() + " --help");
            return ExitCode.WRONG_USE;
        } catch (ConfigException e) {
            terminal.err().println(e.getMessage());
            return ExitCode.WRONG_USE;
        } catch (Exception e) {
            return failed(command, e, terminal);
        }
    }

    private static ExitCode failed(Command command, Exception cause, Terminal terminal) {
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        String message = messageOf(cause);
        terminal.err().println("edgeship " + command.usage().command() + ": " + message);
        if ("1".equals(System.getenv(DEBUG))) {
            cause.printStackTrace(terminal.err());
        } else if (cause instanceof RuntimeException) {
            terminal.err().println("this is a bug in edgeship; " + DEBUG + "=1 prints where");
        }
        return ExitCode.WORK_LEFT;
    }

    /// The message of a [FileSystemException] is often just the file's name.
    private static String messageOf(Exception cause) {
        return switch (cause) {
            case NoSuchFileException e -> e.getFile() + ": no such file or directory";
            case AccessDeniedException e -> e.getFile() + ": permission denied";
            case FileSystemException e
            when e.getReason() == null -> e.getMessage() + ": " + e.getClass().getSimpleName();
            case RuntimeException e -> e.toString();
            default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
        };
    }

    private static boolean asksForHelp(List<String> words) {
        int end = words.indexOf("--");
        List<String> options = end < 0 ? words : words.subList(0, end);
        return options.contains("--help") || options.contains("-h");
    }

    private static ExitCode listed(List<Command> commands, List<String> words, Terminal terminal) {
        boolean asked = asksForHelp(words);
        StringBuilder text = new StringBuilder();
        if (!asked && !words.isEmpty()) {
            text.append("edgeship: no command '")
                    .append(String.join(" ", words))
                    .append("'\n");
        }
        text.append("Commands:\n");
        for (Command command : commands) {
            Usage.line(text, command.usage().command(), command.usage().summary());
        }
        (asked ? terminal.out() : terminal.err()).print(text);
        return asked ? ExitCode.DONE : ExitCode.WRONG_USE;
    }

    private static List<String> nameOf(Command command) {
        return Arrays.asList(command.usage().command().split(" "));
    }

    private static boolean startsWith(List<String> words, List<String> name) {
        return words.size() >= name.size() && words.subList(0, name.size()).equals(name);
    }
}
