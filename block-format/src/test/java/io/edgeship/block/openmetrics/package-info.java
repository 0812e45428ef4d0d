@NullMarked
package io.edgeship.block.openmetrics;

import org.jspecify.annotations.NullMarked;
