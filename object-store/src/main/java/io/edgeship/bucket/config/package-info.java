/// Thanos' own `objstore.yml`, read as strictly as Thanos reads it.
@NullMarked
package io.edgeship.bucket.config;

import org.jspecify.annotations.NullMarked;
