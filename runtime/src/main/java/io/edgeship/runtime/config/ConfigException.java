package io.edgeship.runtime.config;

/// A configuration that cannot be used. The message names file, line and key, and never a value that may be secret.
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    public ConfigException(String problem) {
        super(problem);
    }

    public ConfigException(String problem, Throwable cause) {
        super(problem, cause);
    }
}
