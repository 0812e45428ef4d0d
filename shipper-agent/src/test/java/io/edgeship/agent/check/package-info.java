@NullMarked
package io.edgeship.agent.check;

import org.jspecify.annotations.NullMarked;
