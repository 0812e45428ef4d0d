/// When the cycle runs: Quartz, which nothing else in Edgeship imports.
@NullMarked
package io.edgeship.compact.job;

import org.jspecify.annotations.NullMarked;
