/// Tests of the agent's commands, configuration and pages.
@NullMarked
package io.edgeship.agent;

import org.jspecify.annotations.NullMarked;
