/// Prometheus' relabelling, applied to the labels of a series: which series stay, and under which labels.
@NullMarked
package io.edgeship.block.relabel;

import org.jspecify.annotations.NullMarked;
