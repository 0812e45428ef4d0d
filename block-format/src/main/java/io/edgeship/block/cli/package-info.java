/// `edgeship block`: a block's files, checked, described and printed.
@NullMarked
package io.edgeship.block.cli;

import org.jspecify.annotations.NullMarked;
