@NullMarked
package io.edgeship.runtime.http.web;

import org.jspecify.annotations.NullMarked;
