@NullMarked
package io.edgeship.runtime.cli;

import org.jspecify.annotations.NullMarked;
