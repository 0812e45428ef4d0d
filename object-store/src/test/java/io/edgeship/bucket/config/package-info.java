@NullMarked
package io.edgeship.bucket.config;

import org.jspecify.annotations.NullMarked;
