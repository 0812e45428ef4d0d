/// The JSON that Prometheus, Thanos and Edgeship keep beside blocks: read strictly and within bounds, written as Go
/// writes it.
@NullMarked
package io.edgeship.block.json;

import org.jspecify.annotations.NullMarked;
