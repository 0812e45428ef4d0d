@NullMarked
package io.edgeship.block.tsdb;

import org.jspecify.annotations.NullMarked;
