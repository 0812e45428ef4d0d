@NullMarked
package io.edgeship.block.json;

import org.jspecify.annotations.NullMarked;
