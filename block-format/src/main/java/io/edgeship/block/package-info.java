/// Values that every block format shares: block ids, label sets, time ranges.
@NullMarked
package io.edgeship.block;

import org.jspecify.annotations.NullMarked;
