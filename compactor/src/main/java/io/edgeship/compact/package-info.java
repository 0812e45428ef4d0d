/// The centre's process: a cycle that reads the bucket, checks every block, collects what was abandoned, and
/// publishes.
@NullMarked
package io.edgeship.compact;

import org.jspecify.annotations.NullMarked;
