/// Configuration keys that agent and centre read alike, made into what this module works with.
@NullMarked
package io.edgeship.block.config;

import org.jspecify.annotations.NullMarked;
