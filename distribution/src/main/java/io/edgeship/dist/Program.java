package io.edgeship.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// A program of this machine, run to its end.
final class Program {
    private Program() {}

    /// What it printed, on either stream.
    ///
    /// @throws IOException with the end of what it printed, if its exit code is not 0
    static String run(Path directory, String... command) throws IOException, InterruptedException {
        return run(directory, List.of(command), Set.of(0));
    }

    static String run(Path directory, List<String> command, Set<Integer> done)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("EDGESHIP_") || name.contains("JAVA_"));
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (!done.contains(code)) {
            List<String> lines = output.lines().toList();
            String end = String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
            throw new IOException("%s ended with exit code %d:%n%s".formatted(command.getFirst(), code, end));
        }
        return output;
    }
}
