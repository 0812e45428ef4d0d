/// Charts and manifests as tests: rendered by Helm itself in this process, without a cluster and without a network, and
/// shown to a real API server where the environment names one.
@NullMarked
package io.edgeship.charts;

import org.jspecify.annotations.NullMarked;
