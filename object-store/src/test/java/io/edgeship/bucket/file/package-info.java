@NullMarked
package io.edgeship.bucket.file;

import org.jspecify.annotations.NullMarked;
