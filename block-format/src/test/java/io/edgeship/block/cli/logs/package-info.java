@NullMarked
package io.edgeship.block.cli.logs;

import org.jspecify.annotations.NullMarked;
