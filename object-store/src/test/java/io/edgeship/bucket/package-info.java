/// The test kit for whoever uses a bucket: the contract, wrappers that fail and record, and two S3
/// servers as child processes. It travels as this module's `test-jar`.
@NullMarked
package io.edgeship.bucket;

import org.jspecify.annotations.NullMarked;
