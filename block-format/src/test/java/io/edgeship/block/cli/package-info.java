@NullMarked
package io.edgeship.block.cli;

import org.jspecify.annotations.NullMarked;
