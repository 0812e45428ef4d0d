@NullMarked
package io.edgeship.agent.status;

import org.jspecify.annotations.NullMarked;
