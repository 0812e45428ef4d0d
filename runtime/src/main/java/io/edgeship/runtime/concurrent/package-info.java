/// What threads that work side by side have in common.
@NullMarked
package io.edgeship.runtime.concurrent;

import org.jspecify.annotations.NullMarked;
