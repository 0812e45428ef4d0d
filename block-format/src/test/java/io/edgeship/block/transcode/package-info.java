@NullMarked
package io.edgeship.block.transcode;

import org.jspecify.annotations.NullMarked;
