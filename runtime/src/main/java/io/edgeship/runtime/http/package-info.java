/// The small HTTP server of a process: `/metrics`, `/-/healthy`, `/-/ready`, and the pages that a process adds.
@NullMarked
package io.edgeship.runtime.http;

import org.jspecify.annotations.NullMarked;
