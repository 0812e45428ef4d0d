package io.edgeship.compact.logs;

import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.runtime.config.ConfigException;

/// How commands get at the section `logs` of `compactor.yaml`.
@FunctionalInterface
public interface LogsAccess {
    /// Reads the file that `--config` names.
    LogsConfig read(Arguments arguments) throws ConfigException, UsageException;
}
