/// Removes what nobody will finish and what was marked: abandoned uploads, deleted blocks, orphaned parts.
@NullMarked
package io.edgeship.compact.clean;

import org.jspecify.annotations.NullMarked;
