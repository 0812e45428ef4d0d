package io.edgeship.runtime.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Where a command prints: results on `out`, everything else on `err`. UTF-8 whatever the locale says.
///
/// @param interactive whether a person watches `err`
public record Terminal(PrintStream out, PrintStream err, boolean interactive) {
    public static Terminal system() {
        return new Terminal(
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .isPresent());
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /// A progress line that shows itself only where the work takes more than two seconds.
    public Progress progress(String doing) {
        return new Progress(this, doing, System::nanoTime);
    }
}
