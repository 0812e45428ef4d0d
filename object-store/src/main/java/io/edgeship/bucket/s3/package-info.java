/// A bucket in an S3-compatible store, through the AWS SDK v2, which nothing else in Edgeship imports.
@NullMarked
package io.edgeship.bucket.s3;

import org.jspecify.annotations.NullMarked;
