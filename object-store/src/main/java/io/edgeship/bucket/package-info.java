/// The object store: what Edgeship asks of a bucket, whatever holds it.
@NullMarked
package io.edgeship.bucket;

import org.jspecify.annotations.NullMarked;
