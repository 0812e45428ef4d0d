/// The agent's process: configuration, commands, wiring.
@NullMarked
package io.edgeship.agent;

import org.jspecify.annotations.NullMarked;
