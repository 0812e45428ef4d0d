/// The Helm charts as tests: rendered by Helm itself in this process, without a cluster and without a network.
@NullMarked
package io.edgeship.charts;

import org.jspecify.annotations.NullMarked;
