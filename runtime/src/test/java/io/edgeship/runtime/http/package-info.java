@NullMarked
package io.edgeship.runtime.http;

import org.jspecify.annotations.NullMarked;
