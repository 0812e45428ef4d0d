@NullMarked
package io.edgeship.runtime.config;

import org.jspecify.annotations.NullMarked;
