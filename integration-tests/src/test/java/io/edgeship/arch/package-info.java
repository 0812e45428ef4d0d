/// The architecture as tests: which way dependencies point, and what may be used where.
@NullMarked
package io.edgeship.arch;

import org.jspecify.annotations.NullMarked;
