package io.edgeship.demo;

import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `demo`: the whole way once, on this machine.
final class DemoCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "demo",
                "",
                "Ship real blocks of two sites, and of a live Prometheus, to a bucket, and index them",
                List.of(
                        new Option(
                                "once",
                                null,
                                "end by itself, in under 90 s; exit 1 if something promised was not seen"),
                        new Option("s3", null, "use an S3 server (started here) instead of a directory"),
                        new Option(
                                "flaky",
                                null,
                                "instead: an S3 server behind a link that is cut again and again, a site for each transport"),
                        new Option("dir", "DIR", "where everything goes; a new temporary folder without it")),
                "A live Prometheus takes part where prometheus is on the PATH. Without --once it goes on until Ctrl-C.");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
        Optional<String> dir = arguments.value("dir");
        Path home = dir.isPresent()
                ? Files.createDirectories(Path.of(dir.get()))
                : Files.createTempDirectory("edgeship-demo-");
        if (arguments.flag("flaky")) {
            try (FlakyDemo demo = FlakyDemo.start(home.toAbsolutePath(), terminal.out())) {
                return demo.watch(arguments.flag("once")) ? ExitCode.DONE : ExitCode.WORK_LEFT;
            }
        }
        try (Demo demo = Demo.start(home.toAbsolutePath(), arguments.flag("s3"), terminal.out())) {
            boolean seen = demo.watch(arguments.flag("once"));
            return seen ? ExitCode.DONE : ExitCode.WORK_LEFT;
        }
    }
}
