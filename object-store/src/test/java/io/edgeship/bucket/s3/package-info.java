@NullMarked
package io.edgeship.bucket.s3;

import org.jspecify.annotations.NullMarked;
