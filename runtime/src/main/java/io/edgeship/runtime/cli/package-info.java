/// The command line that every `edgeship` command shares: arguments, exit codes, progress.
@NullMarked
package io.edgeship.runtime.cli;

import org.jspecify.annotations.NullMarked;
