package io.edgeship.compact;

import io.edgeship.compact.bucket.BucketAccess;
import io.edgeship.compact.bucket.BucketCommand;
import io.edgeship.compact.logs.LogsCommand;
import io.edgeship.compact.logs.LogsConfig;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.Commands;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.runtime.config.ConfigException;
import java.util.List;
import java.util.stream.Stream;

/// Runs `edgeship compact`, `edgeship fleet`, `edgeship bucket …`, `edgeship logs audit` and `edgeship logs index
/// --rebuild`.
public final class CompactMain {
    /// For whoever runs them in this process.
    public static final List<Command> COMMANDS = Stream.of(
                    List.of(new CompactCommand(), new FleetCommand()),
                    BucketCommand.all(CompactMain::access),
                    LogsCommand.all(CompactMain::logs))
            .<Command>flatMap(List::stream)
            .toList();

    private CompactMain() {}

    private static BucketAccess access(Arguments arguments) throws ConfigException, UsageException {
        CompactorConfig config = CompactCommand.config(arguments);
        UpkeepConfig upkeep = config.upkeep();
        return new BucketAccess(
                config.objstore(),
                config.cacheDir(),
                upkeep.partialDelay(),
                upkeep.deleteDelay(),
                block -> upkeep.selector().test(block.labels()),
                upkeep.round().plan());
    }

    private static LogsConfig logs(Arguments arguments) throws ConfigException, UsageException {
        LogsConfig logs = CompactCommand.config(arguments).logs();
        if (logs == null) {
            throw new ConfigException("compactor.yaml has no section logs");
        }
        return logs;
    }

    public static void main(String[] args) {
        System.exit(Commands.run(COMMANDS, args));
    }
}
