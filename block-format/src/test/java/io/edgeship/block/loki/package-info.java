@NullMarked
package io.edgeship.block.loki;

import org.jspecify.annotations.NullMarked;
